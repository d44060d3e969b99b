import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { describeDatabase } from '../../database-url.js';
import { OpsDbError } from '../../errors.js';
import { describeBytes } from '../output/bytes.js';
import { FAULT_NAMES } from '../simulate/faults.js';
import { type Faults, NO_FAULTS, parseFaults, type SimulationResult, simulate } from '../simulate/index.js';
import { describeCheck } from './check.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { commandSettings, connectionOptions } from './connection.js';
import { whenInterrupted } from './interrupt.js';
import { night } from './night-name.js';
import { progress } from './progress.js';
import { table } from './table.js';

interface Options extends Output {
  readonly nights: number;
  readonly start: string;
  readonly rate: number;
  readonly seed: string;
  readonly faults: Faults;
  readonly room?: number;
  readonly workers?: number;
}

/** The first night of the starting state that has a time kept for a unit. */
const FIRST_NIGHT = '2026-11-30';

/** `opsdb simulate`: nights at the observatory, from the telescope to the archive. */
export function simulateCommand(): Command {
  return new DatabaseCommand('simulate', {
    'opsdb simulate': 'one night, from the telescope to the archive',
    'opsdb simulate --nights 7 --faults transfer=0.05,checksum=0.01': 'a week with faults',
    'opsdb simulate --nights 30 --rate 20 --seed staging --json':
      'a month for staging, with the result for a program',
  })
    .description(
      'Simulate nights on a seeded database: observe, package, transfer, archive, reduce, delete; then check. ' +
        'If it was interrupted, the same command continues. Nothing else may use the database meanwhile.',
    )
    .option('--nights <count>', 'how many nights', whole(1), 1)
    .option('--start <night>', 'the first night', night, FIRST_NIGHT)
    .option('--rate <count>', 'executions in a night, at most', whole(1), 80)
    .option('--seed <text>', 'the same seed gives the same simulation', '1')
    .addOption(
      new Option('--faults <list>', `injected faults, such as transfer=0.05; of ${FAULT_NAMES.join(', ')}`)
        .argParser(parseFaults)
        .default(NO_FAULTS, 'none'),
    )
    .option(
      '--room <bytes>',
      'capacity of the buffers that bundles are brought to [byte]; by default unlimited',
      whole(1, 1e18),
    )
    .option(
      '--workers <count>',
      'worker processes, on PostgreSQL only (default: one for each processor)',
      whole(0),
    )
    .action(run);
}

async function run({ start, nights, workers, room, json, ...options }: Options): Promise<void> {
  const settings = commandSettings();
  const isSqlite = settings.databaseType === 'sqlite';
  if (isSqlite && workers)
    throw new OpsDbError('argument_invalid', 'on SQLite there are no worker processes: leave out --workers');
  const bar = progress();
  whenInterrupted(() => 'what was simulated stays, and the same command goes on from there');
  const result = await simulate(
    { settings },
    {
      ...options,
      firstNight: start,
      nights,
      roomBytes: room,
      workers: isSqlite ? 0 : (workers ?? availableParallelism()),
      onProgress: ({ night, done, all, tallies, stages }) => {
        const counts = Object.entries(tallies).flatMap(([name, tally]) =>
          tally.done > 0 ? [`${name} ${tally.done}`] : [],
        );
        bar.at(done, all, `${night ?? 'the rest'}: ${counts.join(', ') || 'nothing to do'}`, stages);
      },
    },
  );
  bar.stop();
  print(result, { json }, describe);
  if (result.check.some(({ broken }) => broken > 0)) process.exitCode = 1;
}

function describe(result: SimulationResult): string {
  const { nights, seed, executions, files, bytes, stages, recovered, health, mostBytes, check } = result;
  const counts = Object.entries(stages).map(([name, { done, failed, abandoned }]) => [
    name,
    done,
    failed,
    abandoned,
  ]);
  return [
    `Database: ${describeDatabase(connectionOptions())}`,
    `Simulated the nights ${nights[0]} to ${nights.at(-1)} with seed ${seed}.`,
    result.rows === 0
      ? 'All was done already.'
      : `Added ${executions} executions, ${files} files, ${describeBytes(bytes)}: ` +
        `${result.rows} rows in ${result.seconds.toFixed(1)} s (${result.rowsPerSecond} rows/s).`,
    '',
    table(['stage', 'done', 'failed', 'abandoned'], counts),
    '',
    `${recovered.retried} tried again, ${recovered.released} released from workers that vanished, ` +
      `${recovered.restarted} restarted by an operator.`,
    `${result.duplicates} filings sent twice, ${result.lateEnds} ends late.`,
    `The link was down in ${result.outages} quarters of nights; ${result.spooledCalls} calls waited in the spool.`,
    `${health.verified} copies verified again: ${health.bad} bad, ${health.repaired} repaired, ${health.left} bad at the end, ` +
      `${health.atRisk} files and packages without a good copy.`,
    `At most ${describeBytes(mostBytes)} (${mostBytes} bytes) lay at the buffers that bundles are brought to.`,
    describeCheck(check),
  ].join('\n');
}

/** Upper limit of nights, executions and processes. */
const LARGEST = 100_000;

function whole(least: number, most = LARGEST): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
