import { ConstantElevationSource, type ObsUnit } from '../../entities/index.js';
import { isScanMode, PATTERN_OF_MODE } from '../../entities/scan-patterns.js';
import { daisyReach, pongMotion } from './kinematics.js';
import { numberOf } from './scan-arguments.js';

/** What the telescope sweeps over while it executes a unit. */
export interface Extent {
  /** How far the path goes from the source [deg]. */
  readonly reachDeg: number;
  /** Largest speed on the sky [deg/s]; 0 where the telescope tracks. */
  readonly speedDegS: number;
  /** At which elevation the telescope stays while the source drifts through; null where it tracks the source [deg]. */
  readonly elevationDeg: number | null;
  /** On which side of the meridian the source drifts through; null for either. */
  readonly side: 'rising' | 'setting' | null;
}

const TRACKING: Extent = { reachDeg: 0, speedDegS: 0, elevationDeg: null, side: null };
/** Radius of the field of a place in the focal plane [deg]. */
const FOOTPRINT_DEG = 0.65;

/**
 * What the telescope sweeps over while it executes a unit: the petals of a daisy, the box of a pong, the field at
 * constant elevation.
 * @param unit with `obsMode` and `source` loaded
 *
 * @example
 * import { extentOf, obsUnitForDispatch } from 'ccat-ops-db';
 *
 * const { reachDeg, elevationDeg } = extentOf(await obsUnitForDispatch(session, 'OrionA/constant_el/280'));
 * console.log(reachDeg.toFixed(2), elevationDeg); // 1.41 50
 */
export function extentOf(unit: ObsUnit): Extent {
  const { obsMode, source, mappingParameters: set, nominalAlt } = unit;
  const mode = obsMode?.name;
  switch (isScanMode(mode) ? PATTERN_OF_MODE[mode] : undefined) {
    case 'pong':
      return pongExtent(set);
    case 'daisy': {
      const reachDeg = daisyReach(numberOf(set, 'R0') ?? 0, numberOf(set, 'Rt') ?? 0);
      return { ...TRACKING, reachDeg, speedDegS: numberOf(set, 'onsky_velocity') ?? 0 };
    }
    case 'constant_el': {
      const { widthDeg = 0, heightDeg = 0 } = source instanceof ConstantElevationSource ? source : {};
      return { ...TRACKING, reachDeg: half(widthDeg ?? 0, heightDeg ?? 0), elevationDeg: nominalAlt };
    }
    case 'source_scan': {
      const side = set.mode === 'setting' ? 'setting' : Object.hasOwn(set, 'window') ? null : 'rising';
      return {
        ...TRACKING,
        reachDeg: FOOTPRINT_DEG,
        elevationDeg: numberOf(set, 'el_bore') ?? nominalAlt,
        side,
      };
    }
    default:
      return TRACKING;
  }
}

function pongExtent(set: ObsUnit['mappingParameters']): Extent {
  const [width = 0, height = 0] = [numberOf(set, 'width'), numberOf(set, 'height')];
  const [velocity, spacing] = [numberOf(set, 'onsky_velocity'), numberOf(set, 'spacing')];
  const numTerms = numberOf(set, 'num_terms');
  const isWhole = velocity && spacing && numTerms && width && height;
  const speedDegS = isWhole
    ? pongMotion({ velocity, width, height, spacing, numTerms }).axisSpeed * Math.SQRT2
    : 0;
  return { ...TRACKING, reachDeg: half(width, height), speedDegS };
}

function half(width: number, height: number): number {
  return Math.hypot(width, height) / 2;
}
