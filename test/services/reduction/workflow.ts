import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataGrouping,
  DataProduct,
  DataProductPhysicalCopy,
  type DataProductType,
  type ExecutedReductionStep,
  Pipeline,
  ReductionSoftware,
  ReductionSoftwareVersion,
  ReductionStep,
  ReductionStepConfig,
  ReductionStepDependency,
  ExecutedReductionStep as Run,
} from '../../../src/entities/index.js';
import { transition } from '../../../src/lifecycle/index.js';
import { recordCopies } from '../../../src/services/transfer/index.js';
import { locationId } from '../../support/observed.js';

/** A pipeline of two steps on all packages with a line: by execution, then by source. */
export interface Workflow {
  readonly grouping: DataGrouping;
  readonly calibration: ReductionStep;
  readonly gridding: ReductionStep;
}

/** Adds a pipeline under a name of its own, with version 1.0 of its software. */
export async function addWorkflow(manager: EntityManager, name: string = uuidv7()): Promise<Workflow> {
  const grouping = await manager.save(DataGrouping, {
    name,
    filterRules: [{ table: 'ObsUnit', column: 'line_id', operator: 'neq', value: null } as const],
  });
  const processingLocationId = await locationId(manager, 'cologne', 'ramses_processing');
  const { id: pipelineId } = await manager.save(Pipeline, {
    name,
    dataGroupingId: grouping.id,
    processingLocationId,
    priority: 70,
  });
  const { id: reductionSoftwareId } = await manager.save(ReductionSoftware, { name });
  const { id: reductionStepConfigId } = await manager.save(ReductionStepConfig, { name });
  await addVersion(manager, reductionSoftwareId, '1.0', { releasedAt: new Date('2026-01-01') });
  const common = {
    pipelineId,
    reductionSoftwareId,
    reductionStepConfigId,
    cooldownSeconds: 0,
    maxRetries: 5,
  };
  const first = await manager.save(ReductionStep, {
    ...common,
    name: 'calibration',
    position: 1,
    groupBy: ['executed_obs_unit'],
  });
  const second = await manager.save(ReductionStep, {
    ...common,
    name: 'gridding',
    position: 2,
    groupBy: ['source'],
  });
  await manager.insert(ReductionStepDependency, { pipelineId, position: 2, upstreamPosition: 1 });
  const load = (id: number) => manager.findOneByOrFail(ReductionStep, { id });
  return { grouping, calibration: await load(first.id), gridding: await load(second.id) };
}

/** Adds a version of a software. */
export function addVersion(
  manager: EntityManager,
  reductionSoftwareId: number,
  version: string,
  more: Partial<ReductionSoftwareVersion> = {},
): Promise<ReductionSoftwareVersion> {
  return manager.save(ReductionSoftwareVersion, {
    reductionSoftwareId,
    version,
    image: `image:${version}`,
    ...more,
  } as ReductionSoftwareVersion);
}

/** Brings a pending run to its end, with products of the given types. */
export async function complete(
  manager: EntityManager,
  { id }: ExecutedReductionStep,
  ...types: DataProductType[]
): Promise<string[]> {
  const steps = ['pending', 'staging_data', 'submitted', 'running', 'collecting_results', 'completed'];
  for (const [index, to] of steps.slice(1).entries())
    await transition(manager, Run, id, { from: steps[index] as string, to });
  const products = types.map((type, index) => ({
    id: uuidv7(),
    executedReductionStepId: id,
    type,
    sizeBytes: 1,
    relativePath: `${type}/${index}.fits`,
  }));
  await manager.insert(DataProduct, products);
  return products.map((product) => product.id).sort();
}

/** Records a copy of every product at a location, as a run that reads them needs. */
export async function keepProducts(manager: EntityManager, location = 'ramses_processing'): Promise<void> {
  const dataLocationId = await locationId(manager, 'cologne', location);
  const copies = (await manager.find(DataProduct, { select: { id: true } })).map(({ id }) => ({ of: id }));
  await recordCopies(manager, DataProductPhysicalCopy, { dataLocationId, copies, by: 'a run' });
}
