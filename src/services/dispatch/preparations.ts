import type { ObsUnit, Source } from '../../entities/index.js';
import type { ScanIssue, ScanParameters } from '../../entities/scan-check.js';
import {
  DRIVE_LIMITS,
  ELEVATION_RANGE,
  SCAN_BODIES,
  SCAN_PATTERNS,
  type ScanPattern,
} from '../../entities/scan-patterns.js';
import { ScanIssueCode } from '../../entities/scan-rules.js';
import { azimuthThrow } from './azimuth-throw.js';
import type { ScanWarning } from './dispatch-of.js';
import { daisyOverload, pongMotion, pongOverload, turnOverload } from './kinematics.js';
import { argumentsOf, numberOf } from './scan-arguments.js';
import { bodyOf, centreOf, fieldOf, type Occasion, type PlannerField } from './target.js';

/** What a pattern is prepared from. */
export interface Preparing extends Occasion {
  readonly unit: ObsUnit;
  /** The scan parameters of the unit. */
  readonly set: ScanParameters;
  readonly source: Source;
}

/** The arguments of a planner, and what is wrong beside the set itself. */
export interface Prepared {
  readonly field?: PlannerField;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly issues: readonly ScanIssue[];
  readonly warnings: readonly ScanWarning[];
}

/** How the arguments of each pattern's planner are made. */
export const PREPARATIONS: Readonly<Record<ScanPattern, (preparing: Preparing) => Prepared>> = {
  pong: preparePong,
  daisy: prepareDaisy,
  constant_el: prepareConstantElevation,
  source_scan: prepareSourceScan,
};

/** Above these the planners warn and go on. */
const WARNED_ABOVE = { extentDeg: 30, radiusDeg: 15, speedDegS: 5, accelerationDegS2: 3, pongPeriodS: 3300 };

function preparePong({ set, source, ...occasion }: Preparing): Prepared {
  const centre = centreOf(source, occasion);
  const [width, height] = [numberOf(set, 'width'), numberOf(set, 'height')];
  const velocity = numberOf(set, 'onsky_velocity', 'velocity');
  const [spacing, numTerms] = [numberOf(set, 'spacing'), numberOf(set, 'num_terms')];
  const isWhole = velocity && width && height && spacing && numTerms;
  const motion = isWhole ? pongMotion({ velocity, width, height, spacing, numTerms }) : undefined;
  return {
    ...(centre &&
      width &&
      height && { field: { ra_center: centre.ra, dec_center: centre.dec, width, height } }),
    arguments: argumentsOf(SCAN_PATTERNS.pong, set),
    issues: [
      ...(centre ? [] : [withoutPosition()]),
      ...atDispatch(
        'onsky_velocity',
        ScanIssueCode.DRIVE_LIMIT,
        motion && pongOverload(velocity as number, motion),
      ),
    ],
    warnings: [
      ...above('width', width, WARNED_ABOVE.extentDeg, 'deg'),
      ...above('height', height, WARNED_ABOVE.extentDeg, 'deg'),
      ...above('velocity', velocity, WARNED_ABOVE.speedDegS, 'deg/s'),
      ...(motion && motion.periodS > WARNED_ABOVE.pongPeriodS ? [longPeriod(motion.periodS)] : []),
    ],
  };
}

function prepareDaisy({ unit, set, source, ...occasion }: Preparing): Prepared {
  const centre = centreOf(source, occasion);
  const velocity = numberOf(set, 'onsky_velocity', 'velocity');
  const turnRadius = numberOf(set, 'Rt', 'turn_radius');
  const acceleration = accelerationOf(unit);
  return {
    arguments: {
      ...argumentsOf(SCAN_PATTERNS.daisy, set),
      ...centre,
      start_acceleration: acceleration,
      duration: unit.durationS,
    },
    issues: [
      ...(centre ? [] : [withoutPosition()]),
      ...atDispatch('onsky_velocity', ScanIssueCode.DRIVE_LIMIT, velocity && daisyOverload(velocity)),
      ...atDispatch(
        'Rt',
        ScanIssueCode.DRIVE_LIMIT,
        velocity && turnRadius && turnOverload(velocity, turnRadius),
      ),
      ...atDispatch(
        'start_acceleration',
        ScanIssueCode.MISSING_ELSEWHERE,
        acceleration === null &&
          'is required, has no default and never stands in the set: give the configuration of the unit a scan_acceleration_deg_s2',
      ),
    ],
    warnings: [
      ...above('radius', numberOf(set, 'R0', 'radius'), WARNED_ABOVE.radiusDeg, 'deg'),
      ...above('velocity', velocity, WARNED_ABOVE.speedDegS, 'deg/s'),
      ...above('acceleration', acceleration, WARNED_ABOVE.accelerationDegS2, 'deg/s2'),
    ],
  };
}

/** Farther from the equator a field has no side at constant elevation [deg]. */
const FARTHEST_DECLINATION_DEG = 89.43;

function prepareConstantElevation({ unit, set, source, ...occasion }: Preparing): Prepared {
  const field = fieldOf(source, occasion);
  const hasField = typeof field !== 'string';
  const { nominalAlt, minLsa, maxLsa } = unit;
  const velocity = numberOf(set, 'onsky_velocity', 'velocity');
  const acceleration = accelerationOf(unit);
  const rotation = (source as { rotationDeg?: number | null }).rotationDeg;
  return {
    ...(hasField && { field }),
    arguments: {
      ...argumentsOf(SCAN_PATTERNS.constant_el, set),
      elevation: nominalAlt,
      ...(rotation != null && { angle: rotation }),
      ...(acceleration !== null && { az_accel: acceleration }),
      ...(minLsa != null && maxLsa != null && { lsa_window: [minLsa, maxLsa] }),
    },
    issues: [
      ...atDispatch('source', ScanIssueCode.NO_POSITION, hasField ? undefined : field),
      ...atDispatch(
        'source',
        ScanIssueCode.OUT_OF_RANGE,
        hasField &&
          Math.abs(field.dec_center) > FARTHEST_DECLINATION_DEG &&
          `is too near the pole: a field at constant elevation lies within ${FARTHEST_DECLINATION_DEG} deg of the equator`,
      ),
      ...atDispatch(
        'nominal_alt',
        ScanIssueCode.MISSING_ELSEWHERE,
        nominalAlt == null && 'is required: it is the elevation of the scan',
      ),
      ...elevationIssues(nominalAlt),
      ...siderealIssues(unit),
      ...atDispatch(
        'onsky_velocity',
        ScanIssueCode.DRIVE_LIMIT,
        (velocity ?? 0) > DRIVE_LIMITS.azimuthSpeedDegS &&
          `is too fast: it is the speed of the azimuth axis, which does at most ${DRIVE_LIMITS.azimuthSpeedDegS} deg/s`,
      ),
      ...atDispatch(
        'scan_acceleration_deg_s2',
        ScanIssueCode.DRIVE_LIMIT,
        (acceleration ?? 0) > DRIVE_LIMITS.turnAccelerationDegS2 &&
          `must be at most ${DRIVE_LIMITS.turnAccelerationDegS2}: the turn peaks at 1.5 times that, and the azimuth drive does ${DRIVE_LIMITS.azimuthAccelerationDegS2}`,
      ),
      ...(acceleration === null ? [] : givenTwice(set, 'az_accel')),
      ...(minLsa == null ? [] : givenTwice(set, 'rising')),
      ...(rotation == null ? [] : givenTwice(set, 'angle')),
    ],
    warnings: [
      ...above('velocity', velocity, WARNED_ABOVE.speedDegS, 'deg/s'),
      ...above('acceleration', acceleration, WARNED_ABOVE.accelerationDegS2, 'deg/s2'),
      ...(hasField && nominalAlt != null && minLsa == null
        ? above(
            'throw',
            throwOf(field, nominalAlt, rotation ?? 0, set, occasion),
            WARNED_ABOVE.extentDeg,
            'deg',
          )
        : []),
    ],
  };
}

/** The azimuth that a pass needs, to a tenth of a degree; a sidereal window is chosen by hand, and not asked for. */
function throwOf(
  field: PlannerField,
  elevationDeg: number,
  angleDeg: number,
  set: ScanParameters,
  { telescope }: Occasion,
): number | undefined {
  const isRising = set.rising !== false;
  const degrees = azimuthThrow({ field, angleDeg, elevationDeg, isRising }, telescope);
  return degrees && Math.round(degrees * 10) / 10;
}

function prepareSourceScan({ unit, set, source, ...occasion }: Preparing): Prepared {
  const { nominalAlt } = unit;
  const hasElevation = Object.hasOwn(set, 'el_bore');
  const hasTarget = ['body', 'ra', 'dec'].some((key) => Object.hasOwn(set, key));
  const target = hasTarget ? {} : targetOf(source, occasion);
  return {
    arguments: {
      footprint: 'c',
      ...argumentsOf(SCAN_PATTERNS.source_scan, set),
      ...(hasElevation ? {} : { el_bore: nominalAlt }),
      ...target,
    },
    issues: [
      ...atDispatch(
        'el_bore',
        ScanIssueCode.MISSING_KEY,
        !hasElevation &&
          nominalAlt == null &&
          'is required by the dispatch: give it, or nominal_alt of the unit',
      ),
      ...(hasElevation ? [] : elevationIssues(nominalAlt)),
      ...(target ? bodyIssues(target) : [withoutPosition()]),
    ],
    warnings: [
      ...otherSource(set, source),
      ...above('acceleration', numberOf(set, 'az_accel'), WARNED_ABOVE.accelerationDegS2, 'deg/s2'),
      ...above('throw', numberOf(set, 'az_throw'), WARNED_ABOVE.extentDeg, 'deg'),
    ],
  };
}

/** What a source scan follows where its set does not say it: the body by the planner's name, or the position. */
function targetOf(
  source: Source,
  occasion: Occasion,
): { body: string } | { ra: number; dec: number } | undefined {
  const body = bodyOf(source);
  return body ? { body: body.name.toLowerCase() } : centreOf(source, occasion);
}

function bodyIssues(target: { readonly body?: string }): ScanIssue[] {
  const { body } = target;
  return atDispatch(
    'body',
    ScanIssueCode.NOT_A_BODY,
    body !== undefined &&
      !(SCAN_BODIES as readonly string[]).includes(body) &&
      `is ${body}: a source scan follows only ${SCAN_BODIES.join(', ')}`,
  );
}

/** A set that names a body is flown to that body, whatever the source of the unit. */
function otherSource({ body }: ScanParameters, source: Source): ScanWarning[] {
  const own = bodyOf(source)?.name.toLowerCase() ?? source.name;
  if (typeof body !== 'string' || body === own) return [];
  return [{ code: 'other_source', message: `the set names ${body}, the unit is for ${source.name}` }];
}

function elevationIssues(nominalAlt: number | null | undefined): ScanIssue[] {
  const [least, most] = ELEVATION_RANGE;
  const isOutside = nominalAlt != null && !(nominalAlt >= least && nominalAlt <= most);
  return atDispatch(
    'nominal_alt',
    ScanIssueCode.OUT_OF_RANGE,
    isOutside && `must be from ${least} to ${most} [deg]`,
  );
}

function siderealIssues({ minLsa, maxLsa }: ObsUnit): ScanIssue[] {
  const limits = { min_lsa: minLsa ?? null, max_lsa: maxLsa ?? null };
  const [absent] = Object.entries(limits).filter(([, value]) => value === null);
  if (absent && limits.min_lsa === limits.max_lsa) return [];
  if (absent)
    return everywhere(absent[0], ScanIssueCode.MISSING_ELSEWHERE, 'is required: both limits or none');
  const outside = Object.entries(limits)
    .filter(([, value]) => !(value !== null && value >= 0 && value < 360))
    .flatMap(([key]) => everywhere(key, ScanIssueCode.OUT_OF_RANGE, 'must be from 0 to below 360 [deg]'));
  if (outside.length > 0 || limits.min_lsa !== limits.max_lsa) return outside;
  return everywhere('max_lsa', ScanIssueCode.CONFLICT, 'must not be equal to min_lsa');
}

/** An argument that the set gives by chance and something else gives as well. */
function givenTwice(set: ScanParameters, key: string): ScanIssue[] {
  return atDispatch(
    key,
    ScanIssueCode.CONFLICT,
    Object.hasOwn(set, key) && 'is given by something else as well: the planner refuses it',
  );
}

/** The unit's acceleration at the turns [deg/s2]; null where its configuration has none. */
function accelerationOf({ observationConfiguration }: ObsUnit): number | null {
  const { scanAccelerationDegS2 = null } = (observationConfiguration ?? {}) as {
    scanAccelerationDegS2?: number | null;
  };
  return scanAccelerationDegS2;
}

function withoutPosition(): ScanIssue {
  return {
    key: 'source',
    code: ScanIssueCode.NO_POSITION,
    message: 'cannot be planned: it has no centre, or no ephemeris that is known',
    refusesStoring: false,
    refusesDispatch: true,
  };
}

/** An issue with the dispatch alone, where there is a message. */
function atDispatch(key: string, code: ScanIssueCode, message: string | 0 | false | undefined): ScanIssue[] {
  return message ? [{ key, code, message, refusesStoring: false, refusesDispatch: true }] : [];
}

function everywhere(key: string, code: ScanIssueCode, message: string): ScanIssue[] {
  return [{ key, code, message, refusesStoring: true, refusesDispatch: true }];
}

function above(what: string, value: number | null | undefined, limit: number, unit: string): ScanWarning[] {
  if (value == null || value <= limit) return [];
  return [
    { code: `${what}_above_${limit}`, message: `the ${what} of ${value} ${unit} is above ${limit} ${unit}` },
  ];
}

function longPeriod(periodS: number): ScanWarning {
  const message = `one period takes ${Math.round(periodS)} s, more than the ${WARNED_ABOVE.pongPeriodS} s that the scheduler leaves for a subscan`;
  return { code: 'long_period', message };
}
