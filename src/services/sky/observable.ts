import type { ObsUnit, Telescope } from '../../entities/index.js';
import { type Extent, extentOf } from '../dispatch/extent.js';
import type { Sky, SkyPosition } from './sky.js';

/** When and under which conditions a unit would be observed. */
export interface ObservingOccasion {
  /** The telescope, whose limits hold. */
  readonly telescope: Telescope;
  /** Start of the execution, UTC. */
  readonly startTime: Date;
  /** End of the execution, UTC. */
  readonly endTime: Date;
  /** The sky above the telescope; a caller who asks for many units keeps those that it has made. */
  readonly skyOf: (instant: Date) => Sky;
  /** Precipitable water vapour at zenith [mm]. */
  readonly weather: { readonly pwvMm: number };
  /** When each unit was observed last. */
  readonly lastEnds: ReadonlyMap<number, Date>;
}

/** So far apart the path is looked at [s]. */
const STEP_S = 300;

/** Where the telescope and the source are at one moment of an execution. */
interface PathPoint {
  readonly position: SkyPosition;
  readonly siderealDeg: number;
}

/**
 * Whether a unit may be observed from start to end: period, repetition and weather, and over the whole path of its
 * pattern elevation, azimuth, the Sun and the speed of the axes.
 * @param unit with `source` and `obsMode` loaded
 *
 * @example
 * import { isObservable, obsUnitForDispatch, type Sky, skyAt, Telescope } from 'ccat-ops-db';
 *
 * const unit = await obsUnitForDispatch(session, 'Orion-KL/otf/CO43');
 * const telescope = await session.findOneByOrFail(Telescope, { shortName: 'FYST' });
 * const skyOf = (instant: Date): Sky => skyAt(telescope, instant);
 * const isOpenAt = (startTime: Date) => {
 *   const endTime = new Date(startTime.getTime() + unit.durationS * 1000);
 *   return isObservable(unit, { telescope, startTime, endTime, skyOf, weather: { pwvMm: 0.5 }, lastEnds: new Map() });
 * };
 * console.log(isOpenAt(new Date('2026-12-01T02:00:00Z')), isOpenAt(new Date('2026-12-01T10:00:00Z'))); // true false
 */
export function isObservable(unit: ObsUnit, occasion: ObservingOccasion): boolean {
  const { startTime, endTime, weather, lastEnds } = occasion;
  if (unit.notBefore && startTime < unit.notBefore) return false;
  if (unit.notAfter && endTime > unit.notAfter) return false;
  if (unit.pwvMaxMm !== null && weather.pwvMm > unit.pwvMaxMm) return false;
  const last = lastEnds.get(unit.id);
  if (last && startTime.getTime() < last.getTime() + (unit.repeatIntervalS ?? 0) * 1000) return false;
  return isPathOpen(unit, occasion);
}

function isPathOpen(unit: ObsUnit, occasion: ObservingOccasion): boolean {
  const { telescope } = occasion;
  const extent = extentOf(unit);
  const path: PathPoint[] = [];
  // The start mostly tells: the rest of the path is looked at only where it is open.
  for (const instant of instantsOf(occasion)) {
    const point = pointAt(unit, occasion, instant);
    if (!point || !isOpen(unit, telescope, extent, point)) return false;
    path.push(point);
  }
  return (
    isInAzimuth(unit, telescope, path, extent) &&
    (extent.elevationDeg === null || isCrossed(path, extent.elevationDeg, extent.side))
  );
}

/** The start, the end, and moments between them. */
function* instantsOf({ startTime, endTime }: ObservingOccasion): Generator<Date> {
  const duration = endTime.getTime() - startTime.getTime();
  const steps = Math.max(1, Math.ceil(duration / (STEP_S * 1000)));
  for (let step = 0; step <= steps; step += 1)
    yield new Date(startTime.getTime() + Math.round((duration * step) / steps));
}

function pointAt({ source }: ObsUnit, { skyOf }: ObservingOccasion, instant: Date): PathPoint | undefined {
  const sky = skyOf(instant);
  const position = source && sky.positionOf(source);
  return position && { position, siderealDeg: sky.siderealDeg };
}

function isOpen(
  unit: ObsUnit,
  telescope: Telescope,
  extent: Extent,
  { position, siderealDeg }: PathPoint,
): boolean {
  const sunMin = Math.max(telescope.sunExclusionDeg, unit.sunDistanceMinDeg ?? 0);
  return (
    position.sunDistanceDeg - extent.reachDeg >= sunMin &&
    isInElevation(unit, telescope, extent, position) &&
    isInSiderealWindow(unit, siderealDeg)
  );
}

function isInElevation(
  unit: ObsUnit,
  telescope: Telescope,
  { reachDeg, speedDegS, elevationDeg: fixed }: Extent,
  position: SkyPosition,
): boolean {
  const least = Math.max(telescope.elevationMinDeg, unit.elevationMinDeg ?? 0);
  const most = Math.min(telescope.elevationMaxDeg, unit.elevationMaxDeg ?? 90);
  // At constant elevation the telescope stays where it is, and only what is above the horizon can drift through.
  if (fixed !== null) return fixed >= least && fixed <= most && position.elevationDeg > 0;
  const [lowest, highest] = [position.elevationDeg - reachDeg, position.elevationDeg + reachDeg];
  // Near the zenith the azimuth axis has to move faster than the path does.
  const speedMost = telescope.azimuthSpeedMaxDegS * Math.cos((Math.min(highest, 90) * Math.PI) / 180);
  return lowest >= least && highest <= most && speedDegS <= Math.max(speedMost, 0);
}

/** The telescope can reach an azimuth with more than one turn of its cables, and stays in one along the path. */
function isInAzimuth(
  unit: ObsUnit,
  telescope: Telescope,
  path: readonly PathPoint[],
  { reachDeg, elevationDeg }: Extent,
): boolean {
  const least = unit.azimuthMinDeg ?? telescope.azimuthMinDeg;
  const most = unit.azimuthMaxDeg ?? telescope.azimuthMaxDeg;
  const azimuths = unwrapped(path.map(({ position }) => position.azimuthDeg));
  const highest = elevationDeg ?? Math.max(...path.map(({ position }) => position.elevationDeg));
  const margin = Math.min(reachDeg / Math.cos((Math.min(highest, 89) * Math.PI) / 180), 180);
  const [first, last] = [Math.min(...azimuths) - margin, Math.max(...azimuths) + margin];
  return [-360, 0, 360].some((turn) => least <= first + turn && last + turn <= most);
}

/** Azimuths without jumps at north [deg]. */
function unwrapped(azimuths: readonly number[]): number[] {
  let before = azimuths[0] ?? 0;
  return azimuths.map((azimuth) => {
    before = azimuth - 360 * Math.round((azimuth - before) / 360);
    return before;
  });
}

/** Whether the source drifts through an elevation along the path. */
function isCrossed(path: readonly PathPoint[], elevationDeg: number, side: Extent['side']): boolean {
  const start = path[0]?.position.elevationDeg ?? 0;
  const end = path.at(-1)?.position.elevationDeg ?? 0;
  const isRising = start <= elevationDeg && elevationDeg <= end;
  const isSetting = end <= elevationDeg && elevationDeg <= start;
  if (side === 'rising') return isRising;
  return side === 'setting' ? isSetting : isRising || isSetting;
}

function isInSiderealWindow({ minLsa, maxLsa }: ObsUnit, siderealDeg: number): boolean {
  if (minLsa === null || maxLsa === null) return true;
  const [isAfter, isBefore] = [siderealDeg >= minLsa, siderealDeg <= maxLsa];
  return minLsa <= maxLsa ? isAfter && isBefore : isAfter || isBefore;
}
