import { ConstantElevationSource, type ObsUnit, type Telescope } from '../../entities/index.js';
import type { Sky, SkyPosition } from './sky.js';
import type { Weather } from './weather.js';

/** When and under which conditions a unit would be observed. */
export interface Occasion {
  readonly telescope: Telescope;
  readonly startTime: Date;
  readonly endTime: Date;
  readonly skyAt: (instant: Date) => Sky;
  readonly weather: Weather;
  /** When each unit was observed last. */
  readonly lastEnds: ReadonlyMap<number, Date>;
}

/** How far a field may be from the elevation at which it is scanned, where it is smaller than that [deg]. */
const ELEVATION_TOLERANCE_DEG = 5;

/** Whether a unit may be observed from start to end: period, repetition, weather, elevation, azimuth, Sun. */
export function isObservable(unit: ObsUnit, occasion: Occasion): boolean {
  const { startTime, endTime, weather, lastEnds } = occasion;
  if (unit.notBefore && startTime < unit.notBefore) return false;
  if (unit.notAfter && endTime > unit.notAfter) return false;
  if (unit.pwvMaxMm !== null && weather.pwvMm > unit.pwvMaxMm) return false;
  const last = lastEnds.get(unit.id);
  if (last && startTime.getTime() < last.getTime() + (unit.repeatIntervalS ?? 0) * 1000) return false;
  return isInReach(unit, occasion, startTime) && isInReach(unit, occasion, endTime);
}

function isInReach(unit: ObsUnit, { telescope, skyAt }: Occasion, instant: Date): boolean {
  const { source } = unit;
  const sky = skyAt(instant);
  const position = source && sky.positionOf(source);
  if (!position) return false;
  return (
    position.sunDistanceDeg >= Math.max(telescope.sunExclusionDeg, unit.sunDistanceMinDeg ?? 0) &&
    isInElevation(unit, telescope, position) &&
    isInAzimuth(unit, telescope, position) &&
    isInSiderealWindow(unit, sky.siderealDeg)
  );
}

function isInElevation(unit: ObsUnit, telescope: Telescope, { elevationDeg }: SkyPosition): boolean {
  const { source, nominalAlt } = unit;
  if (elevationDeg < Math.max(telescope.elevationMinDeg, unit.elevationMinDeg ?? 0)) return false;
  if (elevationDeg > Math.min(telescope.elevationMaxDeg, unit.elevationMaxDeg ?? 90)) return false;
  if (nominalAlt === null) return true;
  const height = source instanceof ConstantElevationSource ? (source.heightDeg ?? 0) : 0;
  return Math.abs(elevationDeg - nominalAlt) <= Math.max(ELEVATION_TOLERANCE_DEG, height / 2);
}

/** The telescope can reach an azimuth with more than one turn of its cables. */
function isInAzimuth(unit: ObsUnit, telescope: Telescope, { azimuthDeg }: SkyPosition): boolean {
  const least = unit.azimuthMinDeg ?? telescope.azimuthMinDeg;
  const most = unit.azimuthMaxDeg ?? telescope.azimuthMaxDeg;
  return [azimuthDeg - 360, azimuthDeg, azimuthDeg + 360].some(
    (azimuth) => least <= azimuth && azimuth <= most,
  );
}

function isInSiderealWindow({ minLsa, maxLsa }: ObsUnit, siderealDeg: number): boolean {
  if (minLsa === null || maxLsa === null) return true;
  const [isAfter, isBefore] = [siderealDeg >= minLsa, siderealDeg <= maxLsa];
  return minLsa <= maxLsa ? isAfter && isBefore : isAfter || isBefore;
}
