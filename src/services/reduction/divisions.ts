import type { EntityManager } from 'typeorm';
import {
  type DataGrouping,
  DataProduct,
  DataProductType,
  ExecutedReductionStep,
  ReductionStep,
  RunStatus,
} from '../../entities/index.js';
import type { InputMembers } from './input-set.js';
import { subGroups } from './sub-groups.js';

/** What one run of a step would read now. */
export interface Division {
  readonly subGroupKey: string;
  readonly members: InputMembers;
}

/** Products that a later step reads. */
const READ_ON: readonly DataProductType[] = [DataProductType.INTERMEDIATE, DataProductType.SCIENCE];

/**
 * What the runs of a step would read now. A first step reads the packages of each of its divisions. A later step reads
 * the products of the newest completed run of every division of the step before that has a package in common with its
 * own division.
 */
export async function divisionsOf(
  manager: EntityManager,
  { groupBy, upstreamStepId }: ReductionStep,
  grouping: DataGrouping,
): Promise<Division[]> {
  const groups = await subGroups(manager, grouping, groupBy);
  if (upstreamStepId === null)
    return groups.map(({ key, packageIds }) => ({ subGroupKey: key, members: { packageIds } }));
  const keys = new Map(groups.flatMap(({ key, packageIds }) => packageIds.map((id) => [id, key])));
  const read = new Map<string, string[][]>(groups.map(({ key }) => [key, []]));
  const upstream = await manager.findOneByOrFail(ReductionStep, { id: upstreamStepId });
  const products = await newestProducts(manager, upstreamStepId);
  for (const { key, packageIds } of await subGroups(manager, grouping, upstream.groupBy))
    for (const own of new Set(packageIds.map((id) => keys.get(id))))
      if (own !== undefined) read.get(own)?.push(products.get(key) ?? []);
  return [...read]
    .map(([subGroupKey, lists]) => ({ subGroupKey, members: { productIds: lists.flat() } }))
    .filter(({ members }) => members.productIds.length > 0);
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
