import type { Command } from 'commander';
import { type SchemaRevision, schemaRevision, stamp } from '../../database/migration-engine/index.js';
import { createDataSourceWithoutModel } from '../../datasource.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { connected } from './connect.js';

/** Where services of this version work: they go on while a later one is deployed. */
const STARTABLE: readonly SchemaRevision['relation'][] = ['same', 'newer'];

/** `opsdb current`: which revision the schema of the database is of. */
export function currentCommand(): Command {
  return new DatabaseCommand('current', {
    'opsdb current': 'does the database fit this version?',
    'opsdb current --json': 'the same for a deployment script',
    'opsdb current --check': 'a probe: may a service of this version start?',
  })
    .description('Print the revision of the schema in the database and of this version.')
    .option('--check', 'exit 1 unless the database is of this version, or of a later one')
    .action(async ({ check, ...output }: Output & { readonly check?: boolean }) => {
      const revision = await readRevision();
      print(
        revision,
        output,
        ({ relation, database, code }) => `${database ?? 'none'} (${relation}; this version: ${code})`,
      );
      if (check && !STARTABLE.includes(revision.relation)) process.exitCode = 1;
    });
}

/** Only the model tells a database without tables from one that has them and no notes. */
async function readRevision(): Promise<SchemaRevision> {
  const noted = await connected(schemaRevision, createDataSourceWithoutModel);
  return noted.database ? noted : connected(schemaRevision);
}

/** `opsdb stamp`: notes that the schema is of this version's revision. */
export function stampCommand(): Command {
  return new DatabaseCommand('stamp', {
    'opsdb stamp': 'after a schema was restored without the table of migrations',
  })
    .description(
      'Record the revision of the schema, when the tables are of this version but have no record of it.',
    )
    .action(async (output: Output) => {
      print(await connected(stamp), output, ({ code }) => `Stamped as ${code}.`);
    });
}
