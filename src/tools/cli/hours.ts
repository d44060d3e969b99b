import type { Command } from 'commander';
import {
  type AccountingOptions,
  type TimeAccount,
  type TimeSums,
  timeAccounting,
} from '../../services/hours/index.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { ofOneMoment } from './connect.js';
import { table } from './table.js';

interface Options extends Output {
  readonly to?: string;
  readonly program?: string;
  readonly telescope?: string;
}

/** `opsdb hours`: how the time of the telescope was used. */
export function hoursCommand(): Command {
  return new DatabaseCommand('hours', {
    'opsdb hours 2026-11-30': 'the hours of a night',
    'opsdb hours 2026-11-01 --to 2026-11-30 --program GEco': 'what a program has used in a month',
    'opsdb hours 2026B --json': 'a semester for which time is allocated, for a program',
  })
    .description('Show how the time of the telescope was used: charged, lost, overhead, calibration, idle.')
    .argument('<period>', 'a night, the first of some nights, or the name of a period of allocations')
    .option('--to <night>', 'the last night')
    .option('--program <name>', 'short name of a program: only its rows')
    .option('--telescope <name>', 'short name of the telescope; by default the first')
    .action(async (period: string, { to, program, telescope, ...output }: Options) => {
      const options: AccountingOptions = {
        period: to === undefined ? period : { firstNight: period, lastNight: to },
        ...(program !== undefined && { program }),
        ...(telescope !== undefined && { telescope }),
      };
      print(await ofOneMoment((manager) => timeAccounting(manager, options)), output, describe);
    });
}

const USES: readonly [head: string, of: keyof TimeSums][] = [
  ['charged', 'chargedS'],
  ['weather', 'lostWeatherS'],
  ['faults', 'lostFaultS'],
  ['overhead', 'overheadS'],
  ['of it calibration', 'calibrationS'],
  ['idle', 'idleS'],
];

function describe({ nights, programs, allocations, shares }: TimeAccount): string {
  const heads = USES.map(([head]) => head);
  const cells = (sums: TimeSums) => USES.map(([, of]) => clock(sums[of]));
  const parts = [
    table(
      ['night', ...heads, 'length'],
      nights.map((one) => [one.night, ...cells(one), clock(one.lengthS)]),
    ),
    table(
      ['program', 'project', 'instrument', ...heads],
      programs.map((one) => [one.program ?? '-', one.project ?? '-', one.instrument ?? '-', ...cells(one)]),
    ),
  ];
  if (allocations.length > 0)
    parts.push(
      table(
        ['program', 'project', 'period', 'allocated h', 'charged h', 'remaining h'],
        allocations.map(({ program, project, period, allocatedH, chargedH, remainingH }) => [
          ...[program, project ?? '-', period],
          ...[allocatedH, chargedH, remainingH].map((hours) => hours.toFixed(2)),
        ]),
      ),
    );
  const reasons = shares.filter(({ reason }) => reason !== null);
  if (reasons.length > 0)
    parts.push(
      table(
        ['start', 'end', 'use', 'reason'],
        reasons.map(({ start, end, use, reason }) => [time(start), time(end), use, reason ?? '']),
      ),
    );
  return parts.join('\n\n');
}

/** Hours, minutes and seconds. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function time(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}
