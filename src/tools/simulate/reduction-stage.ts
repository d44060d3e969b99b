import type { EntityManager } from 'typeorm';
import { oneOf } from '../../database/one-of.js';
import {
  ChecksumAlgorithm,
  ExecutedReductionStep,
  InputSet,
  Pipeline,
  ReductionStep,
  RunStatus,
  StagingJob,
  Status,
} from '../../entities/index.js';
import { transition } from '../../lifecycle/index.js';
import {
  collectOutputs,
  createRun,
  inputManifest,
  missingRuns,
  submissionOf,
} from '../../services/reduction/index.js';
import { requestStaging } from '../../services/transfer/index.js';
import type { Stage, WorkerContext } from './work-stages.js';

/**
 * Creates the runs that the enabled pipelines lack, and asks for their packages at the processing location; the staging
 * job of a run has its UUID.
 * @param isDue whether a step runs now; its cooldown is meant in simulated time
 * @returns how many runs were created
 */
export async function planRuns(
  manager: EntityManager,
  isDue: (step: ReductionStep) => boolean,
): Promise<number> {
  const pipelines = await manager.find(Pipeline, { where: { enabled: true }, order: { id: 'ASC' } });
  let planned = 0;
  for (const { id: pipelineId, processingLocationId, priority } of pipelines) {
    const steps = await manager.find(ReductionStep, { where: { pipelineId }, order: { position: 'ASC' } });
    for (const step of steps.filter(isDue))
      for (const missing of await missingRuns(manager, { ...step, cooldownSeconds: 0 }))
        planned += await manager.transaction(async (nested) => {
          const { run, created } = await createRun(nested, missing);
          const { packageIds = [] } = missing.members;
          const job = { id: run.id, destinationLocationId: processingLocationId, priority };
          if (packageIds.length > 0) await requestStaging(nested, { ...job, packageIds });
          return created ? 1 : 0;
        });
  }
  return planned;
}

/** Runs of which all packages are at the processing location, or that read products only. */
async function ready(manager: EntityManager) {
  const runs = await manager
    .createQueryBuilder(ExecutedReductionStep, 'run')
    .select(['run.id'])
    .leftJoin(StagingJob, 'job', 'job.id = run.id AND job.status <> :staged', { staged: Status.COMPLETED })
    .where({ status: RunStatus.PENDING })
    .andWhere('job.id IS NULL')
    .getMany();
  return runs.length > 0
    ? {
        id: oneOf(
          manager,
          runs.map(({ id }) => id),
        ),
      }
    : undefined;
}

/** A stable key of a run, since its UUID is new in each simulation. */
async function key(manager: EntityManager, run: ExecutedReductionStep): Promise<string> {
  const { contentHash } = await manager.findOneByOrFail(InputSet, { id: run.inputSetId });
  return `${run.reductionStepId}/${run.subGroupKey}/${contentHash}`;
}

async function work({ manager, random, worker }: WorkerContext, run: ExecutedReductionStep): Promise<void> {
  const wallTimeSeconds = Math.round(
    60 + 3000 * random.roll('wall time', run.reductionStepId, run.subGroupKey),
  );
  const name = await key(manager, run);
  await submissionOf(manager, run.id);
  const { step } = await inputManifest(manager, run.id);
  const take = (from: RunStatus, to: RunStatus, set: object = {}) =>
    transition(manager, ExecutedReductionStep, run.id, { from, to, worker, set: { ...set } });
  const hpcJobId = String(1 + Math.floor(1e6 * random.roll('job', name)));
  if (!(await take(RunStatus.STAGING_DATA, RunStatus.SUBMITTED, { hpcJobId }))) return;
  await take(RunStatus.SUBMITTED, RunStatus.RUNNING);
  await take(RunStatus.RUNNING, RunStatus.COLLECTING_RESULTS, { exitCode: 0, wallTimeSeconds });
  const written = step.is_final ? WRITTEN_AT_LAST : WRITTEN_BEFORE;
  await collectOutputs(manager, run.id, {
    worker,
    paths: Object.keys(written),
    look: (path) => ({
      sizeBytes: Math.round((written[path] ?? 0) * (0.5 + random.roll('product size', name, path))),
      checksum: random.hex('product', name, path),
      checksumAlgorithm: ChecksumAlgorithm.SHA256,
    }),
    newId: (product) => random.uuid(new Date(0), 'product', name, product.slice(`product/${run.id}/`.length)),
  });
}

/** Output of the last step of a pipeline: paths below the output folder, and sizes [byte]. */
const WRITTEN_AT_LAST: Readonly<Record<string, number>> = {
  'science/result.fits': 400_000_000,
  'qa/noise.json': 4_000,
  'plots/overview.png': 300_000,
  'logs/run.log': 50_000,
};
/** The same for any other step. */
const WRITTEN_BEFORE: Readonly<Record<string, number>> = { 'result.fits': 400_000_000 };

/** The stage of reduction runs. */
export const reducing: Stage<ExecutedReductionStep> = {
  name: 'reduce',
  entity: ExecutedReductionStep,
  moves: false,
  verifies: false,
  ready,
  key,
  work,
};
