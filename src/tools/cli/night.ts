import type { Command } from 'commander';
import { describeBytes } from '../output/bytes.js';
import {
  type NightExecution,
  type NightReport,
  type RunWarnings,
  readNight,
  type StageProgress,
  type Waiting,
  waitingWork,
} from '../report/index.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { ofOneMoment } from './connect.js';
import { latestNight, night as readNightName } from './night-name.js';
import { table } from './table.js';

/** `opsdb night`: what was observed in a night, how far its data have come, and what waits. */
export function nightCommand(): Command {
  return new DatabaseCommand('night', {
    'opsdb night': 'the latest night',
    'opsdb night 2026-11-23': 'the night from 23 to 24 November, for people',
    'opsdb night 2026-11-23 --json': 'the same for a program',
  })
    .description('Show a night: what was executed, how far its data have come, and which work waits where.')
    .argument(
      '[night]',
      'date of the noon before, such as 2026-11-23; by default the latest that was observed',
      readNightName,
    )
    .action(async (given: string | undefined, output: Output) => {
      const { report, waiting } = await ofOneMoment(async (manager) => ({
        report: await readNight(manager, given ?? (await latestNight(manager))),
        waiting: await waitingWork(manager),
      }));
      print({ ...report, waiting }, output, () => describe(report, waiting, new Date()));
    });
}

interface Column {
  readonly name: string;
  readonly of: (execution: NightExecution) => string | number;
  /** Left out on a narrow terminal. */
  readonly isSpare?: true;
}

const COLUMNS: readonly Column[] = [
  { name: 'start', of: ({ startTime }) => time(startTime) },
  { name: 'end', of: ({ endTime }) => (endTime ? time(endTime) : '') },
  { name: 'status', of: ({ status }) => status, isSpare: true },
  { name: 'obs unit', of: ({ obsUnit }) => obsUnit },
  { name: 'program', of: ({ program }) => program, isSpare: true },
  { name: 'pwv mm', of: ({ pwvMm }) => pwvMm?.toFixed(2) ?? '', isSpare: true },
  { name: 'files', of: ({ files }) => files },
  { name: 'size', of: ({ bytes }) => describeBytes(bytes).padStart(8) },
];

/** Width of all columns [characters]. */
const ROOM = 76;

/** Width of a line [characters]. */
function width(): number {
  return process.stdout.columns ?? Number.POSITIVE_INFINITY;
}

function describe(
  { firstNight, executions, stages, warnings }: NightReport,
  waiting: readonly Waiting[],
  now: Date,
) {
  if (executions.length === 0)
    return `Nothing was executed in the night ${firstNight}.\n${describeWaiting(waiting, now)}`;
  const columns = COLUMNS.filter(({ isSpare }) => !isSpare || width() >= ROOM);
  const rows = executions.map((execution) => columns.map(({ of }) => of(execution)));
  return [
    table(
      columns.map(({ name }) => name),
      rows,
    ),
    '',
    describeStages(stages),
    '',
    ...describeWarnings(warnings),
    describeWaiting(waiting, now),
  ].join('\n');
}

/** The stages of the data as text. */
export function describeStages(stages: readonly StageProgress[]): string {
  const rows = stages.map(({ name, done, all }) => [name, done, all, bar(done, all)]);
  return table(['stage', 'done', 'of', ''], rows);
}

/** The reduction runs that completed with warnings, as text; nothing where there are none. */
export function describeWarnings(warnings: readonly RunWarnings[]): string[] {
  if (warnings.length === 0) return [];
  const rows = warnings.map(({ pipeline, step, runs, latestRun }) => [pipeline, step, runs, latestRun]);
  return ['Completed with warnings:', table(['pipeline', 'step', 'runs', 'latest run'], rows), ''];
}

/** The waiting work as text. */
export function describeWaiting(waiting: readonly Waiting[], now: Date): string {
  if (waiting.length === 0) return 'Nothing waits.';
  return table(
    ['work', 'place', 'status', 'count', 'since', 'for'],
    waiting.map(({ work, place, status, count, since }) => [
      ...[work, place, status, count],
      ...[since.toISOString().slice(0, 16).replace('T', ' '), duration(now.getTime() - since.getTime())],
    ]),
  );
}

function bar(done: number, all: number): string {
  const length = Math.max(5, Math.min(30, width() - 45));
  const filled = all === 0 ? 0 : Math.floor((length * done) / all);
  return '█'.repeat(filled) + '░'.repeat(length - filled);
}

function time(instant: Date): string {
  return instant.toISOString().slice(11, 16);
}

function duration(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
