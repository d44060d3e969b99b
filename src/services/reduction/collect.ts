import type { EntityManager } from 'typeorm';
import {
  ChecksumAlgorithm,
  DataProduct,
  DataProductPhysicalCopy,
  ExecutedReductionStep,
  RunStatus,
} from '../../entities/index.js';
import { transition } from '../../lifecycle/index.js';
import { fail } from '../claiming/index.js';
import { fileRows } from '../filing/index.js';
import { type NewId, newUuid, recordCopies, releaseStaging } from '../transfer/index.js';
import { type Output, type Outputs, outputsOfFolders, outputsOfTool, type Written } from './outputs.js';
import { type RunContext, runContext } from './run-context.js';

/** What is known of a file that a run wrote. */
export interface WrittenFile {
  /** Size [byte]. */
  readonly sizeBytes: number;
  /** Checksum as computed from the file, in hexadecimal digits. */
  readonly checksum?: string;
  /** Algorithm of the checksum; goes with it. */
  readonly checksumAlgorithm?: ChecksumAlgorithm;
}

/** What a run has left, and who collects it. */
export interface Collection extends Partial<Written> {
  /** The worker that has the run. */
  readonly worker: string;
  /** The files below the output folder, of a software without a definition of its outputs. */
  readonly paths?: readonly string[];
  /** Looks at a file below the output folder. */
  readonly look: (relativePath: string) => WrittenFile | Promise<WrittenFile>;
  /** Makes the keys of the products; by default UUIDs of version 7. */
  readonly newId?: NewId;
}

/**
 * Collects what a run has left: finds its products as the contract says, files them with their copies at the processing
 * location, completes the run, with or without warnings, and gives its staged packages free. A run of which the exit code is not
 * 0, or that left out an output that it must have, is failed or tried again, and has no products.
 * @param runId UUID of a run in the status `collecting_results`
 * @param collection `paths` for a software without a definition of its outputs, otherwise `collected`
 * @returns what came of the run, with the time series that go to InfluxDB and the files that are no products; null when
 *   the worker does not have the run any more, and nothing was changed
 * @throws InvalidInputError `reduction_output_invalid` as {@link outputsOfTool} does; nothing is written then
 *
 * @example
 * import { claim, collectOutputs, createRun, ExecutedReductionStep, missingRuns } from 'ccat-ops-db';
 * import { ReductionSoftwareVersion, ReductionStep, transition } from 'ccat-ops-db';
 *
 * const step = await session.findOneByOrFail(ReductionStep, { name: 'gridding', pipeline: { name: 'chai-co43' } });
 * const release = { reductionSoftwareId: step.reductionSoftwareId, version: '2.0.0', image: 'gridding:2' };
 * await session.insert(ReductionSoftwareVersion, release);
 * for (const run of await missingRuns(session, { ...step, cooldownSeconds: 0 })) await createRun(session, run);
 *
 * const worker = 'collector-1';
 * for (const { id } of await claim(session, ExecutedReductionStep, { limit: 1, worker })) {
 *   const steps = ['staging_data', 'submitted', 'running', 'collecting_results'] as const;
 *   for (const [index, to] of steps.slice(1).entries())
 *     await transition(session, ExecutedReductionStep, id, { from: steps[index] ?? to, to, worker });
 *   const paths = ['science/cube.fits', 'qa/noise.json', 'core.1234'];
 *   const outputs = await collectOutputs(session, id, { worker, paths, look: () => ({ sizeBytes: 2880 }) });
 *   const types = outputs?.products.map(({ type }) => type);
 *   console.log(types, outputs?.left); // [ 'science', 'qa_metric' ] [ 'core.1234' ]
 * }
 */
export async function collectOutputs(
  manager: EntityManager,
  runId: string,
  collection: Collection,
): Promise<Outputs | null> {
  const { worker, newId = newUuid } = collection;
  const context = await runContext(manager, runId);
  const outputs = outputsOf(context, collection);
  const files = await Promise.all(
    outputs.products.map(async (output) => rowOf(context, output, collection, newId)),
  );
  return manager.transaction(async (nested) => {
    if (outputs.error !== null) {
      const failed = await fail(nested, ExecutedReductionStep, runId, { worker, error: outputs.error });
      return failed ? outputs : null;
    }
    const ended = { from: RunStatus.COLLECTING_RESULTS, to: RunStatus.COMPLETED, worker };
    const set = { withWarnings: outputs.withWarnings };
    if (!(await transition(nested, ExecutedReductionStep, runId, { ...ended, set }))) return null;
    await fileRows(nested, DataProduct, files);
    await recordCopies(nested, DataProductPhysicalCopy, {
      dataLocationId: context.pipeline.processingLocationId,
      copies: files.map(({ id, checksum, checksumAlgorithm }) => ({
        of: id,
        ...(checksum && checksumAlgorithm && { computed: { checksum, checksumAlgorithm } }),
      })),
      by: worker,
    });
    await releaseStaging(nested, runId);
    return outputs;
  });
}

function outputsOf({ run, isFinal, tool, folders }: RunContext, collection: Collection): Outputs {
  const ended = { dims: run.dims, isFinal, exitCode: run.exitCode ?? 0 };
  const { collected = {}, paths = [], readManifest } = collection;
  if (!tool) return outputsOfFolders(paths, ended);
  return outputsOfTool(tool, { collected, readManifest, outputDir: folders.outputDir }, ended);
}

async function rowOf(
  { run }: RunContext,
  { relativePath, type, dims, checksum }: Output,
  { look }: Collection,
  newId: NewId,
) {
  const id = newId(`product/${run.id}/${relativePath}`);
  const file = { ...checksumOf(checksum), ...(await look(relativePath)) };
  return { id, executedReductionStepId: run.id, type, relativePath, dims, ...file };
}

/** A checksum as CWL writes it, `sha1$…`, or as the contract does, `sha256:…`; those of other algorithms are not kept. */
function checksumOf(text = ''): Pick<WrittenFile, 'checksum' | 'checksumAlgorithm'> {
  const [, algorithm, checksum] = /^([a-z0-9]+)[:$]([0-9a-f]+)$/.exec(text) ?? [];
  const known = Object.values(ChecksumAlgorithm).find((one) => one === algorithm);
  return known && checksum ? { checksum, checksumAlgorithm: known } : {};
}
