export { make } from './make.js';
export type { Made } from './maker.js';
export type { TestContent } from './templates.js';
export {
  createTestDatabase,
  dropTestTemplates,
  type TestDatabase,
  type TestDatabaseOptions,
  type TestServerOptions,
} from './test-database.js';
export { undoable } from './undoable.js';
