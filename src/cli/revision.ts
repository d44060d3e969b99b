import type { Command } from 'commander';
import { FaultsError } from '../errors.js';
import { assertSchemaCompatible, schemaDrift, stampRevision } from '../migration/index.js';
import { OpsDbCommand, type Output, print } from './command.js';
import { connected } from './connect.js';

/** `opsdb current`: which revision the schema of the database is of. */
export function currentCommand(): Command {
  return new OpsDbCommand('current', {
    'opsdb current': 'does the database fit this version?',
    'opsdb current --json': 'the same for a deployment script',
  })
    .description('Print the revision of the schema in the database and of this version.')
    .action(async (output: Output) => {
      const revision = await connected(assertSchemaCompatible);
      print(
        revision,
        output,
        ({ relation, database, code }) => `${database ?? 'none'} (${relation}; this version: ${code})`,
      );
    });
}

/** `opsdb stamp`: notes that the schema is of this version's revision. */
export function stampCommand(): Command {
  return new OpsDbCommand('stamp', {
    'opsdb stamp': 'after a schema was restored without the table of migrations',
  })
    .description('Note that the schema is of this revision, where it is but nothing says so.')
    .action(async (output: Output) => {
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
      print(revision, output, ({ code }) => `Stamped as ${code}.`);
    });
}
