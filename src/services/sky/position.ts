import { assertInstant } from '../../values/arguments.js';
import { FYST, type TelescopeSite } from './site.js';
import { Sky, type TargetPosition } from './sky.js';
import type { SkyTarget } from './target.js';

/**
 * Where a target is seen at one moment, without refraction.
 * @param target a source of the database, `{ raDeg, decDeg }` in ICRS, or `{ body }`; of a field it is the centre
 * @param instant when, UTC
 * @param site where the telescope stands
 * @returns undefined where the position is not known: asteroids, and fields without limits
 * @throws OpsDbError `value_invalid` for a body that is not known, an angle out of its range, or what is no instant
 *
 * @example
 * import { skyPosition } from 'ccat-ops-db';
 *
 * const orion = skyPosition({ raDeg: 83.81, decDeg: -5.37 }, new Date('2026-12-01T04:00:00Z'));
 * console.log(orion?.elevationDeg.toFixed(1), orion?.airmass?.toFixed(2)); // 62.5 1.13
 * const saturn = skyPosition({ body: 'Saturn' }, new Date('2026-12-01T04:00:00Z'));
 * console.log(saturn?.sunDistanceDeg.toFixed(0), saturn?.moonDistanceDeg.toFixed(0)); // 119 150
 */
export function skyPosition(
  target: SkyTarget,
  instant: Date,
  site: TelescopeSite = FYST,
): TargetPosition | undefined {
  assertInstant('instant', instant);
  return new Sky(site, instant).targetPositionOf(target);
}
