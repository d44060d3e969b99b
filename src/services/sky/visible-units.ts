import type { EntityManager } from 'typeorm';
import type { ObsUnit, Telescope } from '../../entities/index.js';
import { assertInstant, assertNumber } from '../../values/arguments.js';
import { isObservable } from './observable.js';
import { lastEndsBefore, observableUnits } from './observable-units.js';
import { Sky, type TargetPosition } from './sky.js';

/** A unit that may be started now, with the place of its source. */
export interface VisibleUnit {
  /** The unit, with its source, its mode, and its modules with their instruments and telescopes. */
  readonly unit: ObsUnit;
  /** The telescope that carries its instruments. */
  readonly telescope: Telescope;
  /** Where the source, or the middle of the field, is. */
  readonly position: TargetPosition;
}

/** Under which conditions units may be observed. */
export interface VisibleUnitsOptions {
  /** Precipitable water vapour at zenith; left out it refuses no unit [mm]. */
  readonly pwvMm?: number;
}

/**
 * The units that may be started at an instant: the scheduler may choose them, their repetition is due, and over the whole
 * execution the source, and what the telescope sweeps over around it, keeps the limits of the unit and of the telescope.
 * @param instant when the execution would start, UTC
 * @returns those of the highest priority first, by name where priorities are alike
 * @throws OpsDbError `value_invalid` for what is no instant or no amount of water vapour
 *
 * @example
 * import { visibleUnits } from 'ccat-ops-db';
 *
 * const units = await visibleUnits(session, new Date('2026-12-01T04:00:00Z'), { pwvMm: 0.6 });
 * console.log(units.length > 50, units[0]?.unit.priority); // true 90
 */
export async function visibleUnits(
  manager: EntityManager,
  instant: Date,
  { pwvMm = 0 }: VisibleUnitsOptions = {},
): Promise<VisibleUnit[]> {
  assertInstant('instant', instant);
  assertNumber('pwvMm', pwvMm);
  const units = await observableUnits(manager);
  const lastEnds = await lastEndsBefore(manager, instant);
  const skies = new Map<string, Sky>();
  const visible = units.flatMap(({ unit, modules }) => {
    const telescope = modules[0]?.instrument?.telescope as Telescope;
    const skyOf = (moment: Date): Sky => {
      const key = `${telescope.id} ${moment.getTime()}`;
      const sky = skies.get(key) ?? new Sky(telescope, moment);
      skies.set(key, sky);
      return sky;
    };
    const endTime = new Date(instant.getTime() + unit.durationS * 1000);
    const occasion = { telescope, startTime: instant, endTime, skyOf, weather: { pwvMm }, lastEnds };
    if (!unit.source || !isObservable(unit, occasion)) return [];
    const position = skyOf(instant).targetPositionOf(unit.source);
    return position ? [{ unit, telescope, position }] : [];
  });
  return visible.sort((one, other) => other.unit.priority - one.unit.priority);
}
