import type { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { describeDatabase } from '../../database-url.js';
import { initCcatOpsDb } from '../../datasource.js';
import {
  type ArchiveMode,
  readSeedData,
  type SeedResult,
  seedDataFolder,
  writeSeedData,
} from '../../seed/index.js';
import { initObsUnits, type LoadResult, type Removal } from '../planning-files/index.js';
import { archiveMode, archiveModeOption } from './archive-mode.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { connectionOptions } from './connection.js';
import { whenInterrupted } from './interrupt.js';
import { progress } from './progress.js';
import { countsOf, differenceLines, removalLines, resultTable } from './results.js';

interface Options extends Output {
  readonly localUrl?: string;
  readonly dataArchiveMode?: ArchiveMode;
  readonly drop: boolean;
  readonly confirmDrop?: string;
  readonly force: boolean;
}

/** `opsdb init`: creates the tables, fills in the starting state and notes the revision of the schema. */
export function initCommand(): Command {
  return new DatabaseCommand('init', {
    'opsdb init': 'create the database of the settings',
    'opsdb init --local-url plans': "a database with an observatory's own plans",
    'opsdb init --force': 'apply the data files after they were changed',
    'opsdb init --drop --confirm-drop ccat_ops_db':
      'start over; if there are executions, or outside of development, the name must be given',
  })
    .alias('seed')
    .description('Create the tables of a fresh database and fill in the starting state; safe to repeat.')
    .option(
      '--local-url <folder>',
      "folder with an observatory's own files and their index, instead of the example plans",
    )
    .addOption(archiveModeOption())
    .option('--force', 'overwrite rows that differ from the data files', false)
    .option('--drop', 'first drop the tables of this package, with all their rows', false)
    .option(
      '--confirm-drop <name>',
      'name of the database to drop; needed with --drop if there are executions, or outside of development',
    )
    .action(init);
}

async function init({ drop, confirmDrop, dataArchiveMode, localUrl, force, json }: Options): Promise<void> {
  const start = performance.now();
  whenInterrupted(() => 'tables may have been created, and no row was written: run it again');
  const { dataSource } = await initCcatOpsDb({ ...connectionOptions(), drop, confirmDrop });
  try {
    const mode = archiveMode(dataArchiveMode);
    const { tables, removals } = localUrl
      ? await fillFrom(localUrl, dataSource, mode, force)
      : await fill(dataSource, mode, force);
    const seconds = (performance.now() - start) / 1000;
    const database = describeDatabase(connectionOptions());
    const result = {
      database,
      seconds,
      force,
      folder: localUrl ?? seedDataFolder(),
      results: tables,
      removals,
    };
    print(result, { json }, report);
  } finally {
    await dataSource.destroy();
  }
}

async function fill(
  dataSource: DataSource,
  dataArchiveMode: ArchiveMode,
  force: boolean,
): Promise<LoadResult> {
  const tables = readSeedData(dataSource, seedDataFolder(), { dataArchiveMode });
  const bar = progress();
  const onProgress = ({ entity }: { entity: string }, done: number, all: number) => bar.at(done, all, entity);
  const results = await writeSeedData(dataSource.manager, tables, { force, onProgress });
  bar.stop();
  return { tables: results, removals: [] };
}

async function fillFrom(
  folder: string,
  { manager }: DataSource,
  dataArchiveMode: ArchiveMode,
  force: boolean,
): Promise<LoadResult> {
  const bar = progress();
  try {
    return await initObsUnits(manager, folder, {
      withStartingState: true,
      keep: !force,
      by: 'opsdb init',
      dataArchiveMode,
      onProgress: ({ file, bytes, allBytes }) => bar.at(bytes, allBytes, file),
    });
  } finally {
    bar.stop();
  }
}

interface Result {
  readonly database: string;
  readonly seconds: number;
  readonly force: boolean;
  /** Folder of the data files. */
  readonly folder: string;
  readonly results: readonly SeedResult[];
  readonly removals: readonly Removal[];
}

function report({ database, seconds, force, folder, results, removals }: Result): string {
  const { added, differing } = countsOf(results);
  const headline = force
    ? 'Set to what the data files say:'
    : 'Kept although the data files say otherwise (--force overwrites):';
  return [
    `Database: ${database}`,
    resultTable(results),
    added + differing === 0
      ? 'Nothing changed: the starting state was there already.'
      : `Wrote ${added} rows.`,
    ...differenceLines(results, headline),
    ...removalLines(removals),
    `Took ${seconds.toFixed(1)} s. Data files: ${folder}`,
  ].join('\n');
}
