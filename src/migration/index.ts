export { type Drift, listSchema, schemaDrift } from './drift.js';
export {
  type MigrateOptions,
  type MigrationResult,
  migrate,
  pendingStatements,
  revertLast,
} from './migrate.js';
export { assertSchemaCompatible, type SchemaRevision, stampRevision } from './revision.js';
