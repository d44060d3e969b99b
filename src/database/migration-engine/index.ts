export { type Drift, schemaDrift } from './drift.js';
export { listSchema } from './listing.js';
export {
  type MigrateOptions,
  type MigrationResult,
  migrate,
  pendingStatements,
  revertLast,
} from './migrate.js';
export { type SchemaRevision, schemaRevision, stampRevision } from './revision.js';
export { stamp } from './stamp.js';
