import type { EntityManager } from 'typeorm';
import {
  type DataGrouping,
  DataProduct,
  DataProductType,
  type Dims,
  ExecutedReductionStep,
  type ReductionStep,
  ReductionStepDependency,
  RunStatus,
} from '../../entities/index.js';
import type { InputMembers } from './input-set.js';
import { subGroups } from './sub-groups.js';

/** What one run of a step would read now. */
export interface Division {
  readonly subGroupKey: string;
  /** Value of each dimension; read from the key where left out. */
  readonly dims?: Dims;
  readonly members: InputMembers;
}

/** Products that a later step reads. */
export const READ_ON: readonly DataProductType[] = [DataProductType.INTERMEDIATE, DataProductType.SCIENCE];

/**
 * What the runs of a step would read now. A step without dependencies reads the packages of each of its divisions. Another
 * one reads, of each step that it depends on, the products of the newest completed run of every division that has a
 * package in common with its own division; a division waits until each of these steps has products for it.
 */
export async function divisionsOf(
  manager: EntityManager,
  { groupBy, pipelineId, position }: ReductionStep,
  grouping: DataGrouping,
): Promise<Division[]> {
  const groups = await subGroups(manager, grouping, groupBy);
  const dependencies = await manager.find(ReductionStepDependency, {
    where: { pipelineId, position },
    relations: { upstreamStep: true },
    order: { upstreamPosition: 'ASC' },
  });
  if (dependencies.length === 0)
    return groups.map(({ key, dims, packageIds }) => ({ subGroupKey: key, dims, members: { packageIds } }));
  const keys = new Map(groups.flatMap(({ key, packageIds }) => packageIds.map((id) => [id, key])));
  const ofEachStep: Map<string, string[]>[] = [];
  for (const { upstreamStep } of dependencies)
    ofEachStep.push(await productsOfStep(manager, upstreamStep as ReductionStep, grouping, keys));
  return groups
    .filter(({ key }) => ofEachStep.every((products) => products.has(key)))
    .map(({ key, dims }) => ({
      subGroupKey: key,
      dims,
      members: { productIds: ofEachStep.flatMap((products) => products.get(key) ?? []) },
    }));
}

/** The newest products of a step, by the key of the division that reads them. */
async function productsOfStep(
  manager: EntityManager,
  step: ReductionStep,
  grouping: DataGrouping,
  keys: ReadonlyMap<string, string>,
): Promise<Map<string, string[]>> {
  const products = await newestProducts(manager, step.id);
  const read = new Map<string, string[]>();
  for (const { key, packageIds } of await subGroups(manager, grouping, step.groupBy))
    for (const own of new Set(packageIds.map((id) => keys.get(id)))) {
      const made = products.get(key);
      if (own !== undefined && made) read.set(own, [...(read.get(own) ?? []), ...made]);
    }
  return read;
}

/** Products of the newest completed run of each division of a step, by the key of the division. */
async function newestProducts(manager: EntityManager, stepId: number): Promise<Map<string, string[]>> {
  const completed = { completed: RunStatus.COMPLETED };
  const rows = await manager
    .createQueryBuilder(DataProduct, 'product')
    .select('product.id', 'id')
    .addSelect('run.subGroupKey', 'key')
    .innerJoin('product.executedReductionStep', 'run', 'run.status = :completed', completed)
    .leftJoin(
      ExecutedReductionStep,
      'newer',
      `newer.reductionStepId = run.reductionStepId AND newer.subGroupKey = run.subGroupKey AND
        newer.status = :completed AND (newer.createdAt, newer.id) > (run.createdAt, run.id)`,
    )
    .where('run.reductionStepId = :stepId AND newer.id IS NULL', { stepId })
    .andWhere('product.type IN (:...types)', { types: READ_ON })
    .getRawMany<{ id: string; key: string }>();
  const products = new Map<string, string[]>(rows.map(({ key }) => [key, []]));
  for (const { id, key } of rows) products.get(key)?.push(id);
  return products;
}
