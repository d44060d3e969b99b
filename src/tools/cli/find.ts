import { type Command, InvalidArgumentError } from 'commander';
import { ConstantElevationSource, FixedSource, type Source } from '../../entities/index.js';
import { type Cone, findSource, type SourceWithin, sourcesWithin } from '../../services/sky/index.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { ofOneMoment } from './connect.js';
import { table } from './table.js';

/** Separations below one degree are shown in arcminutes. */
const ARCMIN_A_DEG = 60;

/** `opsdb find`: sources by name, or around a position. */
export function findCommand(): Command {
  return new DatabaseCommand('find', {
    'opsdb find M42': 'the source of a name or alias; blanks and capitals do not count',
    'opsdb find "05:35:14.5 -05:22:30" 30arcmin':
      'the sources and fields around a position, the nearest first',
    'opsdb find "83.81 -5.37" 0.5deg --json': 'the same with degrees, for a program',
  })
    .description('Find sources by name or alias, or those around a position.')
    .argument(
      '<what>',
      'name or alias, or right ascension and declination (ICRS) in hours and degrees, or in degrees',
    )
    .argument('[radius]', 'around a position, such as 30arcmin, 2deg or 10arcsec; by default 1deg', radius)
    .action(async (what: string, radiusDeg: number | undefined, output: Output) => {
      const place = placeOf(what);
      if (!place && radiusDeg !== undefined)
        throw new InvalidArgumentError(`A radius needs a position, and ${what} is none.`);
      const found = await ofOneMoment(async (manager): Promise<SourceWithin[]> => {
        if (place) return sourcesWithin(manager, { ...place, radiusDeg: radiusDeg ?? 1 });
        return [{ source: await findSource(manager, what), distanceDeg: 0 }];
      });
      print(found, output, describe);
    });
}

const UNITS: Readonly<Record<string, number>> = { deg: 1, arcmin: 1 / 60, arcsec: 1 / 3600 };

function radius(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?(deg|arcmin|arcsec)$/.exec(text) ?? [];
  const value = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (value >= 0 && value <= 180) return value;
  throw new InvalidArgumentError(
    'It must be an angle of at most 180 degrees, such as 30arcmin, 2deg or 10arcsec.',
  );
}

const SEXAGESIMAL =
  /^(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d+)?)\s+([+-]?)(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/;
const DECIMAL = /^(\d+(?:\.\d+)?)\s+([+-]?\d+(?:\.\d+)?)$/;

/** @returns undefined where the text is a name */
function placeOf(text: string): Omit<Cone, 'radiusDeg'> | undefined {
  const decimal = DECIMAL.exec(text.trim());
  if (decimal) return { raDeg: Number(decimal[1]), decDeg: Number(decimal[2]) };
  const parts = SEXAGESIMAL.exec(text.trim());
  if (!parts) return undefined;
  const [hours, raMinutes, raSeconds, degrees, minutes, seconds] = [1, 2, 3, 5, 6, 7].map((at) =>
    Number(parts[at]),
  );
  const angle = (whole = 0, sixtieths = 0, rest = 0) => {
    if (sixtieths >= 60 || rest >= 60)
      throw new InvalidArgumentError(`${text}: minutes and seconds must be below 60.`);
    return whole + sixtieths / 60 + rest / 3600;
  };
  const decDeg = angle(degrees, minutes, seconds);
  return { raDeg: 15 * angle(hours, raMinutes, raSeconds), decDeg: parts[4] === '-' ? -decDeg : decDeg };
}

function describe(found: readonly SourceWithin[]): string {
  if (found.length === 0) return 'No source is there.';
  const rows = found.map(({ source, distanceDeg }) => [
    ...[source.name, source.aliases.join(', '), source.category, position(source)],
    `${(distanceDeg * ARCMIN_A_DEG).toFixed(2)}'`,
  ]);
  return table(['name', 'aliases', 'category', 'ra dec (deg)', 'distance'], rows);
}

function position(source: Source): string {
  if (source instanceof FixedSource) return `${source.raDeg.toFixed(4)} ${source.decDeg.toFixed(4)}`;
  if (!(source instanceof ConstantElevationSource)) return 'moves';
  const { centerRaDeg, centerDecDeg, widthDeg, heightDeg } = source;
  if (centerDecDeg === null) return source.followsSourceId === null ? 'not known' : 'moves';
  return `${centerRaDeg?.toFixed(2) ?? 'all'} ${centerDecDeg.toFixed(2)}, ${widthDeg ?? 'all'} by ${heightDeg ?? '?'}`;
}
