import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { invalidArgument } from '../../values/arguments.js';

/** A relation whose key is a property as well, and says something else. */
interface Difference {
  readonly relation: RelationMetadata;
  readonly column: ColumnMetadata;
  readonly key: unknown;
  readonly relatedKey: unknown;
}

/**
 * Sees to it that a key is saved that was changed while its relation is loaded: TypeORM takes the relation, and loses the
 * change without a word. What was changed is told by the row as it is stored; the relation that does not fit any more is
 * left out of the entity.
 * @param given the arguments of `save`
 * @throws OpsDbError `value_invalid` where both were changed, or are given for a new row, and differ
 */
export async function settleChangedKeys(manager: EntityManager, given: readonly unknown[]): Promise<void> {
  const [first, second] = given;
  const isNamed = given.length > 1 && (typeof first === 'function' || typeof first === 'string');
  const entities: unknown[] = [isNamed ? second : first].flat();
  for (const entity of entities) {
    if (typeof entity !== 'object' || entity === null) continue;
    const target = isNamed ? first : entity.constructor;
    if (!manager.dataSource.hasMetadata(target as never)) continue;
    const metadata = manager.dataSource.getMetadata(target as never);
    for (const difference of differencesIn(metadata, entity)) await settle(manager, entity, difference);
  }
}

function differencesIn(metadata: EntityMetadata, entity: ObjectLiteral): Difference[] {
  return metadata.relationsWithJoinColumns.flatMap((relation) => {
    const [column, ...others] = relation.joinColumns;
    const related = entity[relation.propertyName];
    if (!column || others.length > 0 || column.isVirtual || typeof related !== 'object') return [];
    const key = entity[column.propertyName];
    const relatedKey = related === null ? null : related[column.referencedColumn?.propertyName as string];
    const isSame = String(key).toLowerCase() === String(relatedKey).toLowerCase();
    return key === undefined || relatedKey === undefined || isSame
      ? []
      : [{ relation, column, key, relatedKey }];
  });
}

async function settle(
  manager: EntityManager,
  entity: ObjectLiteral,
  { relation, column, key, relatedKey }: Difference,
): Promise<void> {
  const { entityMetadata, propertyName } = column;
  const ids = entityMetadata.getEntityIdMap(entity);
  const stored = ids && (await manager.findOneBy(entityMetadata.target, ids));
  if (stored && stored[propertyName] === key) return;
  if (!stored || stored[propertyName] !== relatedKey)
    throw invalidArgument(
      `${entityMetadata.name}.${propertyName}`,
      key,
      `the key of its ${relation.propertyName}, which is ${relatedKey}: give one of both, or the same`,
    );
  delete entity[relation.propertyName];
}
