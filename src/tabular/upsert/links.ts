import type { EntityManager } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { bulkInsert } from '../../database/bulk-insert.js';
import { CHUNK } from '../../database/chunks.js';
import { oneOf } from '../../database/one-of.js';

/** The many-to-many relations that an entity owns. */
export function ownedLinks({ relations }: EntityMetadata): RelationMetadata[] {
  return relations.filter(({ isManyToManyOwner }) => isManyToManyOwner);
}

/** The table of links of a relation, and its two columns. */
export function junctionOf({ junctionEntityMetadata }: RelationMetadata): {
  junction: EntityMetadata;
  owner: ColumnMetadata;
  inverse: ColumnMetadata;
} {
  const junction = junctionEntityMetadata as EntityMetadata;
  const [[owner], [inverse]] = [junction.ownerColumns, junction.inverseColumns];
  return { junction, owner: owner as ColumnMetadata, inverse: inverse as ColumnMetadata };
}

/** The ids of the rows that each owner is linked with, by the id of the owner. */
export async function linkedIds(
  manager: EntityManager,
  relation: RelationMetadata,
  owners: readonly number[],
): Promise<ReadonlyMap<number, number[]>> {
  const { junction, owner, inverse } = junctionOf(relation);
  const pairs: { owner: number; inverse: number }[] = await manager
    .createQueryBuilder()
    .select(`it.${owner.propertyName}`, 'owner')
    .addSelect(`it.${inverse.propertyName}`, 'inverse')
    .from(junction.target as string, 'it')
    .where({ [owner.propertyName]: oneOf(manager, owners) })
    .getRawMany();
  const ids = new Map<number, number[]>(owners.map((id) => [id, []]));
  for (const pair of pairs) ids.get(pair.owner)?.push(pair.inverse);
  return ids;
}

/** Deletes all links of a row. */
export async function unlink(manager: EntityManager, relation: RelationMetadata, id: number): Promise<void> {
  const { junction, owner } = junctionOf(relation);
  const where = { [owner.propertyName]: id };
  await manager.createQueryBuilder().delete().from(junction.target).where(where).execute();
}

/** Links rows. */
export async function link(
  manager: EntityManager,
  relation: RelationMetadata,
  links: readonly (readonly [owner: number, inverse: readonly number[]])[],
): Promise<void> {
  const { junction, owner, inverse } = junctionOf(relation);
  const pairs = links.flatMap(([id, ids]) =>
    ids.map((other) => ({ [owner.propertyName]: id, [inverse.propertyName]: other })),
  );
  for (let start = 0; start < pairs.length; start += CHUNK)
    await bulkInsert(manager, junction, pairs.slice(start, start + CHUNK));
}
