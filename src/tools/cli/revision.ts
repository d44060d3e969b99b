import type { Command } from 'commander';
import { type SchemaRevision, schemaRevision, stamp } from '../../database/migration-engine/index.js';
import { createDataSourceWithoutModel } from '../../datasource.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { connected } from './connect.js';

/** Revisions that services of this version work with: they keep working while a later version is deployed. */
const STARTABLE: readonly SchemaRevision['relation'][] = ['same', 'newer'];

/** `opsdb current`: the revision of the schema of the database. */
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

/** The model is needed to distinguish a database without tables from one whose tables have no recorded migrations. */
async function readRevision(): Promise<SchemaRevision> {
  const noted = await connected(schemaRevision, createDataSourceWithoutModel);
  return noted.database ? noted : connected(schemaRevision);
}

/** `opsdb stamp`: records that the schema has the revision of this version. */
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
