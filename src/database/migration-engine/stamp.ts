import type { DataSource } from 'typeorm';
import { InvalidInputError, OpsDbError } from '../../errors.js';
import { dialectOf } from '../dialect.js';
import { noteFingerprint, schemaDrift } from './drift.js';
import { type SchemaRevision, schemaRevision, stampRevision } from './revision.js';
import { withSchemaLock } from './schema-lock.js';

/**
 * Notes that a database is of this version's revision, when its schema is as the entities say.
 * @throws InvalidInputError `schema_mismatch` when it is not: one issue for each object that differs; OpsDbError
 *   `migration_refused` when the database has no tables, or is of a newer revision
 */
export async function stamp(dataSource: DataSource): Promise<SchemaRevision> {
  const { relation, unknown } = await schemaRevision(dataSource);
  if (relation === 'empty')
    throw refused('the database has no tables of this package. Create them with `opsdb init`');
  if (relation === 'newer')
    throw refused(`the database has migrations that this version does not know: ${unknown.join(', ')}`);
  const drift = await schemaDrift(dataSource);
  if (drift.length > 0)
    throw new InvalidInputError(
      'schema_mismatch',
      'Nothing was stamped: the schema is not as the entities of this version say.',
      drift.map(({ kind, object }) => ({
        origin: 'schema',
        key: kind,
        value: object,
        message: 'must not differ',
      })),
    );
  await stampRevision(dataSource);
  if (dialectOf(dataSource).hasServer)
    await withSchemaLock(dataSource, (runner) => noteFingerprint(dataSource, runner));
  return schemaRevision(dataSource);
}

function refused(reason: string): OpsDbError {
  return new OpsDbError('migration_refused', `Nothing was stamped: ${reason}`);
}
