import type { Command } from 'commander';
import { describeDatabase } from '../database-url.js';
import { initCcatOpsDb } from '../datasource.js';
import { readSeedData, type SeedResult, seedDataFolder, writeSeedData } from '../seed/index.js';
import { OpsDbCommand, type Output, print } from './command.js';
import { progress } from './progress.js';
import { table } from './table.js';

interface Options extends Output {
  readonly drop: boolean;
  readonly confirmDrop?: string;
  readonly force: boolean;
}

/** `opsdb init`: creates the tables, fills in the starting state and notes the revision of the schema. */
export function initCommand(): Command {
  return new OpsDbCommand('init', {
    'opsdb init': 'a database to work with, as the settings say',
    'opsdb init --force': 'after the data files were changed: take over what they say',
    'opsdb init --drop --confirm-drop ccat_ops_db': 'begin anew in production, where the name must be given',
  })
    .alias('seed')
    .description('Create the tables of a fresh database and fill in the starting state; safe to repeat.')
    .option('--force', 'set rows that differ from the data files to what the files say', false)
    .option('--drop', 'drop the tables of this package first, with all that is in them', false)
    .option('--confirm-drop <name>', 'name of the database to drop; needed with --drop in production')
    .action(init);
}

async function init({ force, drop, confirmDrop, ...output }: Options): Promise<void> {
  const start = performance.now();
  const { dataSource } = await initCcatOpsDb({ drop, confirmDrop });
  try {
    const database = describeDatabase();
    const tables = readSeedData(dataSource);
    const bar = progress(tables.length);
    const results = await dataSource.transaction((manager) =>
      writeSeedData(manager, tables, { force, onProgress: ({ entity }) => bar.step(entity) }),
    );
    bar.stop();
    const seconds = (performance.now() - start) / 1000;
    print({ database, seconds, force, results }, output, report);
  } finally {
    await dataSource.destroy();
  }
}

interface Result {
  readonly database: string;
  readonly seconds: number;
  readonly force: boolean;
  readonly results: readonly SeedResult[];
}

function report({ database, seconds, force, results }: Result): string {
  const count = (of: (result: SeedResult) => number) => results.reduce((sum, result) => sum + of(result), 0);
  const [added, unchanged, differing] = [
    count((r) => r.added),
    count((r) => r.unchanged),
    count((r) => r.differing.length),
  ];
  const rows = results.map((r) => [r.entity, r.added, r.unchanged, r.differing.length]);
  const differences = results.flatMap(({ entity, differing }) =>
    differing.map(({ key, properties }) => `  ${entity} ${key}: ${properties.join(', ')}`),
  );
  return [
    `Database: ${database}`,
    table(['entity', 'new', 'unchanged', 'differing'], [...rows, ['all', added, unchanged, differing]]),
    added + differing === 0
      ? 'Nothing changed: the starting state was there already.'
      : `Wrote ${added} rows.`,
    ...(differences.length === 0
      ? []
      : [
          force
            ? 'Set to what the data files say:'
            : 'Kept although the data files say otherwise (--force overwrites):',
          ...differences,
        ]),
    `Took ${seconds.toFixed(1)} s. Data files: ${seedDataFolder()}`,
  ].join('\n');
}
