import { type EntityManager, In } from 'typeorm';
import {
  ChecksumAlgorithm,
  DataProduct,
  DataProductPhysicalCopy,
  DataProductType,
  ExecutedReductionStep,
  InputSet,
  Pipeline,
  ReductionStep,
  RunStatus,
  StagingJob,
  Status,
} from '../../entities/index.js';
import { transition } from '../../lifecycle/index.js';
import { fileRows } from '../../services/filing/index.js';
import { createRun, missingRuns } from '../../services/reduction/index.js';
import { recordCopies, releaseStaging, requestStaging } from '../../services/transfer/index.js';
import type { Random } from './random.js';
import type { Bench, Stage } from './work-stages.js';

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
  return runs.length > 0 ? { id: In(runs.map(({ id }) => id)) } : undefined;
}

/** A run by what it is, since its UUID is new in each simulation. */
async function key(manager: EntityManager, run: ExecutedReductionStep): Promise<string> {
  const { contentHash } = await manager.findOneByOrFail(InputSet, { id: run.inputSetId });
  return `${run.reductionStepId}/${run.subGroupKey}/${contentHash}`;
}

async function work({ manager, dice, worker }: Bench, run: ExecutedReductionStep): Promise<void> {
  const wallTimeSeconds = Math.round(
    60 + 3000 * dice.roll('wall time', run.reductionStepId, run.subGroupKey),
  );
  const name = await key(manager, run);
  const step = await manager.findOneByOrFail(ReductionStep, { id: run.reductionStepId });
  const { processingLocationId } = await manager.findOneByOrFail(Pipeline, { id: step.pipelineId });
  const take = (from: RunStatus, to: RunStatus, set: object = {}) =>
    transition(manager, ExecutedReductionStep, run.id, { from, to, worker, set: { ...set } });
  const hpcJobId = String(1 + Math.floor(1e6 * dice.roll('job', name)));
  if (!(await take(RunStatus.STAGING_DATA, RunStatus.SUBMITTED, { hpcJobId }))) return;
  await take(RunStatus.SUBMITTED, RunStatus.RUNNING);
  await take(RunStatus.RUNNING, RunStatus.COLLECTING_RESULTS, { exitCode: 0, wallTimeSeconds });
  await manager.transaction(async (nested) => {
    const ended = { from: RunStatus.COLLECTING_RESULTS, to: RunStatus.COMPLETED, worker };
    if (!(await transition(nested, ExecutedReductionStep, run.id, ended))) return;
    const products = productsOf(dice, run.id, name);
    await fileRows(nested, DataProduct, products);
    await recordCopies(nested, DataProductPhysicalCopy, {
      dataLocationId: processingLocationId,
      copies: products.map(({ id: of, checksum, checksumAlgorithm }) => ({
        of,
        computed: { checksum, checksumAlgorithm },
      })),
      by: worker,
    });
    await releaseStaging(nested, run.id);
  });
}

/** File names and sizes of what a run leaves [byte]. */
const PRODUCTS = [
  { type: DataProductType.SCIENCE, relativePath: 'science/result.fits', sizeBytes: 400_000_000 },
  { type: DataProductType.QA_METRIC, relativePath: 'qa_metrics/noise.json', sizeBytes: 4_000 },
  { type: DataProductType.PLOT, relativePath: 'plots/overview.png', sizeBytes: 300_000 },
  { type: DataProductType.LOG, relativePath: 'logs/run.log', sizeBytes: 50_000 },
];

function productsOf(dice: Random, executedReductionStepId: string, run: string) {
  return PRODUCTS.map(({ sizeBytes, ...product }) => ({
    id: dice.uuid(new Date(0), 'product', run, product.relativePath),
    ...{ executedReductionStepId, ...product },
    sizeBytes: Math.round(sizeBytes * (0.5 + dice.roll('product size', run, product.relativePath))),
    checksum: dice.hex('product', run, product.relativePath),
    checksumAlgorithm: ChecksumAlgorithm.SHA256,
  }));
}

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
