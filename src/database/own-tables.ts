import type { DataSource, EntityMetadata } from 'typeorm';
import { entities } from '../entities/index.js';

/** The table of applied migrations: this package's own, apart from that of other services. */
export const MIGRATION_TABLE = 'ccat_ops_db_migration';

const MODEL = new Set<EntityMetadata['target']>(entities);

/** Whether a class or junction table is of the model, and not of a service beside it. */
export function isOfModel({ tableType, target, foreignKeys }: EntityMetadata): boolean {
  if (tableType !== 'junction') return MODEL.has(target);
  // The relation is declared by the class of the first key.
  const owner = foreignKeys[0]?.referencedEntityMetadata.target;
  return owner !== undefined && MODEL.has(owner);
}

/** The tables of the model, those of many-to-many relations included; a family has one. */
export function ownTables({ entityMetadatas }: DataSource): EntityMetadata[] {
  return entityMetadatas.filter(
    (metadata) =>
      metadata.synchronize &&
      metadata.tableType !== 'entity-child' &&
      metadata.tableType !== 'view' &&
      isOfModel(metadata),
  );
}
