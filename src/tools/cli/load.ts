import type { Command } from 'commander';
import { describeDatabase } from '../../database-url.js';
import { initCcatOpsDb } from '../../datasource.js';
import type { ArchiveMode, Change, RowDifference } from '../../seed/index.js';
import { initObsUnits, type LoadResult } from '../planning-files/index.js';
import { archiveMode, archiveModeOption } from './archive-mode.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { connectionOptions } from './connection.js';
import { whenInterrupted } from './interrupt.js';
import { progress } from './progress.js';
import { countsOf, differenceLines, removalLines, resultTable } from './results.js';

interface Options extends Output {
  readonly index?: string;
  readonly dryRun: boolean;
  readonly keep: boolean;
  readonly dataArchiveMode?: ArchiveMode;
}

/** Rows that a dry run lists. */
const LISTED = 200;

/** `opsdb load`: brings an observatory's own files into the database. */
export function loadCommand(): Command {
  return new DatabaseCommand('load', {
    'opsdb load plans --dry-run': 'what would change?',
    'opsdb load plans': 'apply the files',
    'opsdb load plans --keep': 'add new rows only, and list those that were edited in the database',
  })
    .description(
      "Load an observatory's own files: add, change and remove rows as the index says. " +
        'If any file has an issue, nothing is written.',
    )
    .argument('<folder>', 'folder with the index of the files, index.yaml or index.toml')
    .option('--index <file>', 'name of the index, if it is another one')
    .option('--dry-run', 'show what would be added, changed and kept; write nothing', false)
    .option('--keep', 'keep rows that differ from the files, and list them', false)
    .addOption(archiveModeOption())
    .action(run);
}

interface Result extends LoadResult {
  readonly database: string;
  readonly seconds: number;
  readonly dryRun: boolean;
  readonly keep: boolean;
  /** In a dry run, the first of the rows that are new or differ. */
  readonly rows: readonly RowDifference[];
}

async function run(folder: string, { dryRun, keep, index, dataArchiveMode, json }: Options): Promise<void> {
  const start = performance.now();
  const rows: RowDifference[] = [];
  whenInterrupted(() => 'no row was written: run it again');
  const { dataSource } = await initCcatOpsDb(connectionOptions());
  const bar = progress();
  try {
    const result = await initObsUnits(dataSource.manager, folder, {
      dryRun,
      keep,
      index,
      dataArchiveMode: archiveMode(dataArchiveMode),
      onProgress: ({ file, bytes, allBytes }) => bar.at(bytes, allBytes, file),
      onDifference: (row) => {
        if (dryRun && rows.length < LISTED) rows.push(row);
      },
    });
    bar.stop();
    const seconds = (performance.now() - start) / 1000;
    print(
      { database: describeDatabase(connectionOptions()), seconds, dryRun, keep, ...result, rows },
      { json },
      report,
    );
  } finally {
    bar.stop();
    await dataSource.destroy();
  }
}

function report({ database, seconds, dryRun, keep, tables, removals, rows }: Result): string {
  const { added, unchanged, differing } = countsOf(tables);
  const headline = keep
    ? 'Kept although the files say otherwise (leave out --keep to set them):'
    : 'Set to what the files say:';
  const [add, change, leave] = dryRun ? ['Would add', 'change', 'leave'] : ['Added', 'changed', 'left'];
  return [
    `Database: ${database}`,
    resultTable(tables),
    ...(dryRun ? rowLines(rows, added + differing) : differenceLines(tables, headline)),
    ...removalLines(removals),
    keep
      ? `${add} ${added}, ${leave} ${unchanged + differing}, of which ${differing} differ.`
      : `${add} ${added}, ${change} ${differing}, ${leave} ${unchanged}.`,
    `Took ${seconds.toFixed(1)} s.${dryRun ? ' It was a dry run: nothing was written.' : ''}`,
  ].join('\n');
}

/** One line for each row: `+` is new, `~` differs. */
function rowLines(rows: readonly RowDifference[], all: number): string[] {
  const lines = rows.map(({ entity, key, changes }) =>
    changes === null ? `  + ${entity} ${key}` : `  ~ ${entity} ${key}: ${changes.map(changeText).join(', ')}`,
  );
  return all > rows.length ? [...lines, `  and ${all - rows.length} more`] : lines;
}

function changeText({ property, from, to }: Change): string {
  return to === undefined ? property : `${property} ${JSON.stringify(from)} → ${JSON.stringify(to)}`;
}
