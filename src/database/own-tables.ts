import type { DataSource, EntityMetadata } from 'typeorm';

/** Where the database notes which migrations it has: a table of this package's own, apart from other services'. */
export const MIGRATION_TABLE = 'ccat_ops_db_migration';

/** The tables of the model, those of many-to-many relations included; a family has one. */
export function ownTables({ entityMetadatas }: DataSource): EntityMetadata[] {
  return entityMetadatas.filter(
    ({ synchronize, tableType }) => synchronize && tableType !== 'entity-child' && tableType !== 'view',
  );
}
