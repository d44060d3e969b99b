import type { Command } from 'commander';
import { describeBytes } from '../bytes.js';
import { type NightReport, readNight, type Waiting, waitingWork } from '../report/index.js';
import { OpsDbCommand, type Output, print } from './command.js';
import { connected } from './connect.js';
import { night as readNightName } from './night-name.js';
import { table } from './table.js';

/** `opsdb night`: what was observed in a night, how far its data have come, and what waits. */
export function nightCommand(): Command {
  return new OpsDbCommand('night', {
    'opsdb night 2026-11-23': 'the night from 23 to 24 November, for people',
    'opsdb night 2026-11-23 --json': 'the same for a program',
  })
    .description('Show a night: what was executed, how far its data have come, and what waits where.')
    .argument('<night>', 'date of the noon before, such as 2026-11-23', readNightName)
    .action(async (night: string, output: Output) => {
      const { report, waiting } = await connected(async ({ manager }) => ({
        report: await readNight(manager, night),
        waiting: await waitingWork(manager),
      }));
      print({ ...report, waiting }, output, () => describe(report, waiting, new Date()));
    });
}

function describe({ firstNight, executions, stages }: NightReport, waiting: readonly Waiting[], now: Date) {
  if (executions.length === 0)
    return `Nothing was executed in the night ${firstNight}.\n${wait(waiting, now)}`;
  const rows = executions.map((execution) => [
    time(execution.startTime),
    execution.endTime ? time(execution.endTime) : '',
    execution.status,
    execution.obsUnit,
    execution.program,
    execution.pwvMm ?? '',
    execution.files,
    describeBytes(execution.bytes),
  ]);
  return [
    table(['start', 'end', 'status', 'obs unit', 'program', 'pwv', 'files', 'size'], rows),
    '',
    table(
      ['stage', 'done', 'of', ''],
      stages.map(({ name, done, all }) => [name, done, all, bar(done, all)]),
    ),
    '',
    wait(waiting, now),
  ].join('\n');
}

/** What waits, for people. */
export function wait(waiting: readonly Waiting[], now: Date): string {
  if (waiting.length === 0) return 'Nothing waits.';
  return table(
    ['work', 'place', 'status', 'count', 'since', 'for'],
    waiting.map(({ work, place, status, count, since }) => [
      ...[work, place, status, count],
      ...[since.toISOString().slice(0, 19), duration(now.getTime() - since.getTime())],
    ]),
  );
}

const BAR = 30;

function bar(done: number, all: number): string {
  const filled = all === 0 ? 0 : Math.floor((BAR * done) / all);
  return '█'.repeat(filled) + '░'.repeat(BAR - filled);
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
