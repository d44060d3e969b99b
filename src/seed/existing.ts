import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { keyText } from './natural-key.js';
import type { SeedStep } from './plan.js';

/** The rows of the database by natural key, one table after the other as the plan goes. */
export class ExistingRows {
  /** By table and natural key, the row. */
  private readonly rows = new Map<string, Map<string, ObjectLiteral>>();
  /** By table and primary key, the natural key. */
  private readonly keys = new Map<string, Map<unknown, string>>();

  constructor(private readonly manager: EntityManager) {}

  /**
   * Reads the rows of a step's entity, with the keys of what they are linked to.
   * @returns the rows by natural key
   */
  async load(
    { entity, key }: SeedStep,
    metadata: EntityMetadata,
  ): Promise<ReadonlyMap<string, ObjectLiteral>> {
    const relations = Object.fromEntries(
      ownedLinks(metadata).map(({ propertyName }) => [propertyName, true]),
    );
    const found = await this.manager.find(entity, { relations });
    const rows = tableMap(this.rows, metadata);
    const keys = tableMap(this.keys, metadata);
    const loaded = new Map<string, ObjectLiteral>();
    for (const row of found as ObjectLiteral[]) {
      const name = key.map((part) => this.keyPart(part, row, metadata)).join('/');
      rows.set(name, row);
      keys.set(row.id, name);
      loaded.set(name, row);
    }
    return loaded;
  }

  /** The row of an entity's table that has the natural key. */
  find(metadata: EntityMetadata, key: string): ObjectLiteral | undefined {
    return this.rows.get(metadata.tablePath)?.get(key);
  }

  /** The natural key of a row of an entity's table. */
  keyOf(metadata: EntityMetadata, row: ObjectLiteral): string | undefined {
    return this.keys.get(metadata.tablePath)?.get(row.id);
  }

  private keyPart(part: string, row: ObjectLiteral, metadata: EntityMetadata): string {
    const relation = metadata.findRelationWithPropertyPath(part);
    if (!relation) return keyText(row[part]);
    const id = relation.joinColumns[0]?.getEntityValue(row);
    return String(this.keys.get(relation.inverseEntityMetadata.tablePath)?.get(id));
  }
}

/** The many-to-many relations that an entity owns. */
export function ownedLinks({ relations }: EntityMetadata): RelationMetadata[] {
  return relations.filter(({ isManyToManyOwner }) => isManyToManyOwner);
}

function tableMap<K, V>(maps: Map<string, Map<K, V>>, { tablePath }: EntityMetadata): Map<K, V> {
  const map = maps.get(tablePath) ?? new Map<K, V>();
  maps.set(tablePath, map);
  return map;
}
