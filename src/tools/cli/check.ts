import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CheckResult, checkInvariants, invariants } from '../integrity/index.js';
import { withReaders } from '../integrity/long-reads.js';
import { coloured, DatabaseCommand, type Output, print } from './command.js';
import { ofOneMoment } from './connect.js';
import { progress } from './progress.js';
import { spoolOfSettings } from './spool-of-settings.js';
import { table } from './table.js';

interface Options extends Output {
  readonly settled: boolean;
  readonly silentFor: number;
  readonly limit: number;
  readonly only?: string[];
}

/** `opsdb check`: says which rows break what should hold of every database. */
export function checkCommand(): Command {
  return new DatabaseCommand('check', {
    'opsdb check': 'is anything lost, duplicated or stuck?',
    'opsdb check --settled': 'the work of the night is done: has all of it reached the archive?',
    'opsdb check --json --limit 0': 'how many rows break which invariant, for a monitor',
  })
    .description(
      'Check that nothing is lost, duplicated or stuck. If something is, name the rows and exit with 1.',
    )
    .option(
      '--settled',
      'also check that nothing is left to do: no work is waiting, each package is archived',
      false,
    )
    .option('--silent-for <seconds>', 'how long a worker may go without a heartbeat', count, 3600)
    .option('--limit <rows>', 'how many rows to print for each invariant', count, 10)
    .addOption(
      new Option('--only <invariants...>', 'check only these').choices(invariants.map(({ name }) => name)),
    )
    .action(check);
}

async function check({ settled, silentFor, limit, only, ...output }: Options): Promise<void> {
  const bar = progress();
  const spool = spoolOfSettings();
  const results = await ofOneMoment((manager) =>
    withReaders(manager, (readers) =>
      checkInvariants(manager, {
        spool,
        settled,
        silentForS: silentFor,
        limit,
        only,
        readers,
        onCheck: ({ name }, index, all) => {
          bar.at(index + 1, all, name);
        },
      }),
    ),
  );
  spool?.close();
  bar.stop();
  print(results, output, describeCheck);
  if (results.some(({ broken }) => broken > 0)) process.exitCode = 1;
}

/** The result of a check as text. */
export function describeCheck(results: readonly CheckResult[]): string {
  const broken = results.filter((result) => result.broken > 0);
  if (broken.length === 0) return coloured('ok', `All ${results.length} invariants hold.`);
  return broken.map(describe).join('\n\n');
}

function describe({ name, meaning, remedy, broken, rows }: CheckResult): string {
  const head = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => head.map((column) => cell(row[column])));
  const more = broken > rows.length ? [`and ${broken - rows.length} more`] : [];
  return [
    `${coloured('fail', 'BROKEN')} ${name}: ${meaning}`,
    `  ${remedy}`,
    table(head, cells),
    ...more,
  ].join('\n');
}

function cell(value: unknown): string | number {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' ? value : String(value ?? '');
}

/** Upper limit of the options: a hundred years in seconds, and more rows than anybody reads. */
const LARGEST = 3_153_600_000;

function count(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= LARGEST) return value;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${LARGEST}.`);
}
