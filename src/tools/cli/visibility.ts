import type { Command } from 'commander';
import type { ObsUnit, Telescope } from '../../entities/index.js';
import { obsUnitForDispatch } from '../../services/dispatch/index.js';
import { skyPosition, unitVisibility, type VisibleInterval } from '../../services/sky/index.js';
import { telescopeOf } from '../../services/sky/telescope-of.js';
import { instantsOf } from '../../services/sky/window.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { ofOneMoment } from './connect.js';
import { elevationPlot } from './elevation-plot.js';
import { night as readNightName } from './night-name.js';
import { table } from './table.js';

interface Options extends Output {
  readonly night?: string;
}

/** `opsdb visibility`: when an obs unit can be observed in a night. */
export function visibilityCommand(): Command {
  return new DatabaseCommand('visibility', {
    'opsdb visibility Orion-KL/otf/CO43': 'when the unit can be observed in the night that begins today',
    'opsdb visibility Mars/planet_cal/Prime-Cam --night 2026-11-30 --json': 'a night, for a program',
  })
    .description(
      'Show when an obs unit can be observed: elevation, azimuth, Sun, sidereal window and period, of the unit and of the telescope.',
    )
    .argument('<name>', 'name of the obs unit')
    .option(
      '--night <date>',
      "from noon of the date to the next noon in the telescope's civil time; by default today",
      readNightName,
    )
    .action(async (name: string, { night = today(), ...output }: Options) => {
      const [unit, telescope] = await ofOneMoment(async (manager) => {
        const found = await obsUnitForDispatch(manager, name);
        return [found, await telescopeOf(manager, found)] as const;
      });
      const [from, to] = instantsOf({ night }, telescope);
      const intervals = unitVisibility(unit, { from, to, telescope }).map((interval) => ({
        ...interval,
        startElevationDeg: elevationOf(unit, telescope, interval.start),
        endElevationDeg: elevationOf(unit, telescope, interval.end),
      }));
      const shown = {
        name,
        source: unit.source?.name,
        telescope: telescope.shortName,
        night,
        from,
        to,
        intervals,
      };
      print(shown, output, () => describe(unit, telescope, shown));
    });
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function elevationOf({ source }: ObsUnit, telescope: Telescope, instant: Date): number | null {
  const elevationDeg = source && skyPosition(source, instant, telescope)?.elevationDeg;
  return elevationDeg === undefined ? null : Math.round(elevationDeg * 100) / 100;
}

interface Shown {
  readonly night: string;
  readonly from: Date;
  readonly to: Date;
  readonly intervals: readonly (VisibleInterval & {
    readonly startElevationDeg: number | null;
    readonly endElevationDeg: number | null;
  })[];
}

function describe(unit: ObsUnit, telescope: Telescope, { night, from, to, intervals }: Shown): string {
  const { name, source } = unit;
  if (!source || !skyPosition(source, from, telescope))
    return `Where ${source?.name} is, is not known: ${name} has no times.`;
  const elevationAt = (instant: Date) => skyPosition(source, instant, telescope)?.elevationDeg;
  const rows = intervals.map((one) => [
    ...[time(one.start), one.startBy, time(one.end), one.endBy, duration(one)],
    ...[one.startElevationDeg?.toFixed(1) ?? '', one.endElevationDeg?.toFixed(1) ?? ''],
  ]);
  const head = ['start', 'by', 'end', 'by', 'for', 'elevation', 'to'];
  return [
    `${name} in the night ${night} at ${telescope.shortName}, times in UTC, elevations in degrees`,
    '',
    rows.length > 0 ? table(head, rows) : 'It cannot be observed in this night.',
    '',
    elevationPlot({ from, to, elevationAt, intervals }),
  ].join('\n');
}

function time(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}

function duration({ start, end }: VisibleInterval): string {
  const minutes = Math.round((end.getTime() - start.getTime()) / 60_000);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
