import { Command } from 'commander';
import { FaultsError } from '../errors.js';
import { assertSchemaCompatible, schemaDrift, stampRevision } from '../migration/index.js';
import { connected } from './connect.js';

/** `opsdb current`: which revision the schema of the database is of. */
export function currentCommand(): Command {
  return new Command('current')
    .description('Print the revision of the schema in the database and of this version.')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const revision = await connected(assertSchemaCompatible);
      const { relation, database, code } = revision;
      console.log(
        json
          ? JSON.stringify(revision, null, 2)
          : `${database ?? 'none'} (${relation}; this version: ${code})`,
      );
    });
}

/** `opsdb stamp`: notes that the schema is of this version's revision. */
export function stampCommand(): Command {
  return new Command('stamp')
    .description('Note that the schema is of this revision, where it is but nothing says so.')
    .action(async () => {
      const revision = await connected(async (dataSource) => {
        const drift = dataSource.options.type === 'postgres' ? await schemaDrift(dataSource) : [];
        if (drift.length > 0)
          throw new FaultsError(
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
        return assertSchemaCompatible(dataSource);
      });
      console.log(`Stamped as ${revision.code}.`);
    });
}
