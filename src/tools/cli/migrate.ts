import type { Command } from 'commander';
import { assertDropAllowed, assertNoExecutions } from '../../database/drop.js';
import { runBackup } from '../../database/migration-engine/backup.js';
import {
  type MigrationResult,
  migrate,
  pendingStatements,
  revertLast,
  schemaDrift,
  schemaRevision,
} from '../../database/migration-engine/index.js';
import { describeDatabase } from '../../database-url.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { connected } from './connect.js';
import { commandSettings, connectionOptions } from './connection.js';
import { whenInterrupted } from './interrupt.js';
import { progress } from './progress.js';

interface Options extends Output {
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly down?: boolean;
  readonly confirmDrop?: string;
}

/** `opsdb migrate`: brings a PostgreSQL database to the schema of this version. */
export function migrateCommand(): Command {
  return new DatabaseCommand('migrate', {
    'opsdb migrate --check': 'does this version need a migration?',
    'opsdb migrate --dry-run > pending.sql': 'the SQL, for the database administrator to read',
    'opsdb migrate': 'migrate; restart the services afterwards',
  })
    .description(
      'Upgrade a PostgreSQL database to the schema of this version. Restart the services afterwards.',
    )
    .option('--dry-run', 'print the SQL of the pending migrations and run nothing')
    .option(
      '--check',
      'exit with 1 if a migration is pending or the schema differs from the entities; change nothing',
    )
    .option('--down', 'revert the newest migration, and drop what it added')
    .option(
      '--confirm-drop <name>',
      'name of the database; needed with --down if there are executions, or outside of development',
    )
    .action(async ({ dryRun, check, down, confirmDrop, ...output }: Options) => {
      if (dryRun) await printStatements(output);
      else if (check) await printCheck(output);
      else if (down) await goDown(output, confirmDrop);
      else await run(output);
    });
}

async function run(output: Output): Promise<void> {
  const settings = commandSettings();
  const bar = progress();
  const results = await connected((dataSource) =>
    migrate(dataSource, {
      lockTimeoutMs: settings.migration.lockTimeoutMs,
      before: () => runBackup(settings),
      onStart(name, index, all) {
        bar.at(index, all, name);
        whenInterrupted(
          () => `${index} of ${all} migrations were applied; ${name} was not, or not wholly: run it again`,
        );
      },
    }),
  );
  bar.stop();
  print({ database: describeDatabase(connectionOptions()), results }, output, report);
}

function report({ database, results }: { database: string; results: readonly MigrationResult[] }): string {
  const lines = results.map(({ name, seconds }) => `  ${name} ${seconds.toFixed(2)} s`);
  return [
    `Database: ${database}`,
    ...(lines.length > 0 ? ['Applied:', ...lines] : ['Nothing was pending.']),
  ].join('\n');
}

async function printStatements(output: Output): Promise<void> {
  const statements = (await connected(pendingStatements)).map((statement) => `${statement};`);
  const script = [
    '-- For psql: psql --no-psqlrc --file=pending.sql. It stops at the first error; what is done by then stays.',
    '\\set ON_ERROR_STOP on',
    ...statements,
  ];
  print({ statements }, output, () =>
    statements.length > 0 ? script.join('\n\n') : '-- nothing is pending',
  );
}

async function printCheck(output: Output): Promise<void> {
  const { relation, pending, unknown, drift } = await connected(async (dataSource) => ({
    ...(await schemaRevision(dataSource)),
    drift: await schemaDrift(dataSource),
  }));
  const isUnstamped = relation === 'unstamped';
  const toMigrate = isUnstamped ? [] : pending;
  const faults = [
    ...(isUnstamped ? ['unstamped: nothing says of which revision the schema is; see `opsdb stamp`'] : []),
    ...unknown.map((name) => `unknown: ${name}`),
    ...toMigrate.map((name) => `pending: ${name}`),
    // Before the migrations have run the schema cannot be as the entities say.
    ...(toMigrate.length > 0 ? [] : drift.map(({ kind, object }) => `${kind}: ${object}`)),
  ];
  print(
    { relation, pending, unknown, drift },
    output,
    () => faults.join('\n') || 'The schema is of this version, as the entities say.',
  );
  if (faults.length > 0) process.exitCode = 1;
}

async function goDown(output: Output, confirmDrop?: string): Promise<void> {
  const settings = commandSettings();
  assertDropAllowed(settings, confirmDrop);
  const { lockTimeoutMs } = settings.migration;
  const name = await connected(async (dataSource) => {
    if (confirmDrop === undefined) await assertNoExecutions(dataSource);
    return (await revertLast(dataSource, { lockTimeoutMs })) ?? null;
  });
  print({ reverted: name }, output, () => (name ? `Took back ${name}.` : 'The database has no migration.'));
}
