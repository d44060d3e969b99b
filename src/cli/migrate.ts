import { Command } from 'commander';
import { describeDatabase } from '../database-url.js';
import { runBackup } from '../migration/backup.js';
import {
  assertSchemaCompatible,
  type MigrationResult,
  migrate,
  pendingStatements,
  revertLast,
  schemaDrift,
} from '../migration/index.js';
import { loadSettings } from '../settings/index.js';
import { connected } from './connect.js';

interface Options {
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly down?: boolean;
  readonly json?: boolean;
}

/** `opsdb migrate`: brings a PostgreSQL database to the schema of this version. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description(
      'Bring a PostgreSQL database to the schema of this version; services are restarted afterwards.',
    )
    .option('--dry-run', 'print the SQL of what is pending and run nothing')
    .option(
      '--check',
      'exit 1 when something is pending or the schema is not as the entities say; change nothing',
    )
    .option('--down', 'take the newest migration back')
    .option('--json', 'print the result as JSON')
    .action(async ({ dryRun, check, down, json }: Options) => {
      if (dryRun) await printStatements();
      else if (check) await printCheck(json);
      else if (down) await goDown();
      else await run(json);
    });
}

async function run(json?: boolean): Promise<void> {
  const settings = loadSettings();
  const results = await connected((dataSource) =>
    migrate(dataSource, {
      lockTimeoutMs: settings.migration.lockTimeoutMs,
      before: () => runBackup(settings),
      onStart: (name, index, all) => console.error(`${index + 1}/${all} ${name}`),
    }),
  );
  console.log(json ? JSON.stringify({ database: describeDatabase(), results }, null, 2) : report(results));
}

function report(results: readonly MigrationResult[]): string {
  const lines = results.map(({ name, seconds }) => `  ${name} ${seconds.toFixed(2)} s`);
  return [
    `Database: ${describeDatabase()}`,
    ...(lines.length > 0 ? ['Applied:', ...lines] : ['Nothing was pending.']),
  ].join('\n');
}

async function printStatements(): Promise<void> {
  const statements = await connected(pendingStatements);
  console.log(statements.map((statement) => `${statement.trim()};`).join('\n\n') || '-- nothing is pending');
}

async function printCheck(json?: boolean): Promise<void> {
  const { pending, drift } = await connected(async (dataSource) => ({
    ...(await assertSchemaCompatible(dataSource)),
    drift: await schemaDrift(dataSource),
  }));
  const faults = [
    ...pending.map((name) => `pending: ${name}`),
    // Before the migrations have run the schema cannot be as the entities say.
    ...(pending.length > 0 ? [] : drift.map(({ kind, object }) => `${kind}: ${object}`)),
  ];
  const text = faults.join('\n') || 'The schema is of this version, as the entities say.';
  console.log(json ? JSON.stringify({ pending, drift }, null, 2) : text);
  if (faults.length > 0) process.exitCode = 1;
}

async function goDown(): Promise<void> {
  const name = await connected(revertLast);
  console.log(name ? `Took back ${name}.` : 'The database has no migration.');
}
