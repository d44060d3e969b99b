import { INTEGER, ISO_INSTANT, type KeyRule, LABEL, type Pattern } from './scan-rules.js';

/** Speeds and accelerations that the drives of the telescope can do; the dispatch refuses a path above them. */
export const DRIVE_LIMITS = Object.freeze({
  /** Of the azimuth axis [deg/s]. */
  azimuthSpeedDegS: 3,
  /** Of the azimuth axis [deg/s2]. */
  azimuthAccelerationDegS2: 6,
  /** Of the elevation axis [deg/s]. */
  elevationSpeedDegS: 1.5,
  /** Of the elevation axis [deg/s2]. */
  elevationAccelerationDegS2: 1.5,
  /** Of the turns at constant elevation, which peak at 1.5 times the nominal acceleration [deg/s2]. */
  turnAccelerationDegS2: 4,
} as const);

/** The elevations at which the planners let the telescope scan [deg]. */
export const ELEVATION_RANGE = [20, 90] as const;
const AZIMUTH_RANGE = [-180, 360] as const;

/** The bodies that a source scan can follow, as its planner spells them. */
export const SCAN_BODIES = [
  'sun',
  'moon',
  'mercury',
  'venus',
  'mars',
  'jupiter',
  'saturn',
  'uranus',
  'neptune',
] as const;

const positive = (unit: string, description: string) =>
  ({ type: 'number', above: 0, unit, description }) as const satisfies KeyRule;

const ON_SKY = 'Mean speed on the sky';
const OF_AZIMUTH = 'Speed of the azimuth axis; on the sky it is that times the cosine of the elevation';
const TIME_STEP = 'the dispatch gives the time step';
const START = 'the schedule gives the start';
const SITE = 'the site is fixed';
const BY_DAISY = 'is a key of the daisy';
const BY_PONG = 'is a key of the pong';
const ALWAYS_ELSEWHERE = {
  site: SITE,
  start_time: START,
  timestep: TIME_STEP,
} as const;

/**
 * The scan patterns, each as the survey planner writes its parameters and as the dispatch reads them. The types, the
 * checks, the JSON Schemas and the reference are all made from this.
 */
export const SCAN_PATTERNS = {
  pong: {
    description: 'A curvy box that fills a field, tracked on the sky.',
    task: 'pong_scan',
    planner: 'plan_pong_scan',
    givenBy: { 'field centre': 'source', site: 'fixed', start_time: 'schedule' },
    keys: {
      name: { ...LABEL, required: true },
      onsky_velocity: { ...positive('deg/s', ON_SKY), required: true, argument: 'velocity' },
      width: { ...positive('deg', 'Extent of the box along its first axis'), required: true },
      height: { ...positive('deg', 'Extent of the box along its second axis'), required: true },
      spacing: { ...positive('deg', 'Distance between neighbouring lines'), required: true },
      num_terms: {
        ...INTEGER,
        min: 1,
        required: true,
        description: 'Terms of the Fourier series that rounds the turns',
      },
      angle: { type: 'number', unit: 'deg', description: 'Rotation of the box' },
      angle_var: {
        ...INTEGER,
        description: 'Which of the turns of a survey, in place of an angle',
        refusedAtDispatch: {
          code: 'unsupported',
          why: 'is a choice of the survey planner that no argument stands for; put an angle in its place before dispatch',
        },
      },
      n_cycles: {
        ...INTEGER,
        min: 1,
        description: 'How many periods of the pattern; 1 where it is not given',
      },
    },
    alternatives: {
      groups: [['angle'], ['angle_var']],
      required: true,
      missing: 'the survey planner always writes angle or angle_var',
      conflict: 'stands in place of angle, never beside it',
      refusesDispatch: false,
    },
    elsewhere: {
      ...ALWAYS_ELSEWHERE,
      field: 'the source gives the field',
      ra: 'the source gives the centre',
      dec: 'the source gives the centre',
      ra_center: 'the source gives the centre',
      dec_center: 'the source gives the centre',
      duration: 'the schedule gives the duration',
    },
    passedOn: {},
    hints: {
      num_term: 'is the spelling of an older library: write num_terms',
      R0: BY_DAISY,
      Rt: BY_DAISY,
      Ra: BY_DAISY,
      y_offset: BY_DAISY,
    },
  },
  daisy: {
    description: 'Petals around a source, tracked on the sky.',
    task: 'daisy_scan',
    planner: 'plan_daisy_scan',
    givenBy: {
      'ra, dec': 'source',
      start_acceleration: 'instrument configuration',
      duration: 'unit',
      site: 'fixed',
      start_time: 'schedule',
    },
    keys: {
      name: { ...LABEL, required: true },
      onsky_velocity: { ...positive('deg/s', 'Speed on the sky'), required: true, argument: 'velocity' },
      R0: { ...positive('deg', 'Radius of the pattern'), required: true, argument: 'radius' },
      Rt: { ...positive('deg', 'Radius of the turns'), required: true, argument: 'turn_radius' },
      Ra: {
        type: 'number',
        min: 0,
        unit: 'deg',
        description: 'Radius around the centre that is avoided',
        required: true,
        argument: 'avoidance_radius',
      },
      y_offset: {
        type: 'number',
        unit: 'deg',
        description: 'Offset of the first petal; 0 where it is not given',
      },
    },
    elsewhere: {
      ...ALWAYS_ELSEWHERE,
      start_acceleration: 'the configuration of the instrument gives it (scan_acceleration_deg_s2)',
      duration: 'the unit gives it (duration_s)',
      ra: 'the source gives it',
      dec: 'the source gives it',
    },
    passedOn: {},
    hints: {
      r0: 'is written R0',
      rt: 'is written Rt',
      spacing: BY_PONG,
      num_terms: BY_PONG,
      width: BY_PONG,
      height: BY_PONG,
      angle: BY_PONG,
      angle_var: BY_PONG,
      n_cycles: BY_PONG,
    },
  },
  constant_el: {
    description: 'Sweeps in azimuth at one elevation while the field drifts through.',
    task: 'constant_el_scan',
    planner: 'plan_constant_el_scan',
    givenBy: {
      field: 'source',
      elevation: 'nominal_alt of the unit',
      lsa_window: 'min_lsa and max_lsa of the unit',
      az_accel: 'instrument configuration',
      site: 'fixed',
      start_time: 'schedule',
    },
    keys: {
      name: LABEL,
      onsky_velocity: { ...positive('deg/s', OF_AZIMUTH), required: true, argument: 'velocity' },
    },
    elsewhere: {
      ...ALWAYS_ELSEWHERE,
      elevation: 'the unit gives it (nominal_alt)',
      nominal_alt: 'the unit gives it',
      lsa_window: 'the unit gives it (min_lsa and max_lsa)',
      min_lsa: 'the unit gives it',
      max_lsa: 'the unit gives it',
      field: 'the source gives the field',
      ra: 'the source gives the centre',
      dec: 'the source gives the centre',
      ra_center: 'the source gives the centre',
      dec_center: 'the source gives the centre',
    },
    passedOn: {
      rising: { type: 'boolean', description: 'Whether the field rises' },
      angle: { type: 'number', unit: 'deg', description: 'Rotation of the field' },
      az_accel: positive('deg/s2', 'Acceleration of the azimuth axis at the turns'),
      az_padding: {
        type: 'number',
        min: 0,
        unit: 'deg',
        description: 'Azimuth beyond the field on either side',
      },
      max_search_hours: positive('h', 'How far the planner looks ahead for the pass'),
      step_seconds: positive('s', 'Step of that search'),
    },
    hints: {
      az_min: 'is a key of the azimuth table, not of the set',
      az_max: 'is a key of the azimuth table, not of the set',
      duration: 'is a key of the azimuth table, not of the set',
      width: 'is given by the source',
      height: 'is given by the source',
    },
  },
  source_scan: {
    description: 'Sweeps in azimuth at one elevation while a source drifts across the focal plane.',
    task: 'source_scan',
    planner: 'plan_source_ces',
    givenBy: {
      'body or ra, dec': 'source, where the set has none',
      el_bore: 'nominal_alt of the unit, where the set has none',
      night: 'start of the schedule, where the set has no window',
      site: 'fixed',
    },
    keys: {
      name: LABEL,
      body: { type: 'choice', values: SCAN_BODIES, code: 'not_a_body', description: 'Body that is followed' },
      ra: {
        type: 'number',
        range: [0, 360],
        unit: 'deg',
        description: 'Right ascension of the source, ICRS',
      },
      dec: { type: 'number', range: [-90, 90], unit: 'deg', description: 'Declination of the source, ICRS' },
      pm_ra: {
        type: 'number',
        unit: 'mas/yr',
        description: 'Proper motion in right ascension, with the cosine of the declination',
      },
      pm_dec: { type: 'number', unit: 'mas/yr', description: 'Proper motion in declination' },
      ref_epoch: { ...ISO_INSTANT, description: 'Epoch of the position; required with a proper motion' },
      el_bore: {
        type: 'number',
        range: ELEVATION_RANGE,
        unit: 'deg',
        description: 'Elevation of the scan; nominal_alt of the unit where it is not given',
        fallback: 'nominal_alt',
      },
      mode: {
        type: 'choice',
        values: ['rising', 'setting'],
        description: 'On which side of the meridian; rising where neither it nor a window is given',
      },
      window: { type: 'window', description: 'Start and end of the search for the pass, UTC' },
      footprint: {
        type: 'footprint',
        description: 'Places in the focal plane that the source crosses; c where it is not given',
      },
      boresight_rot: {
        type: 'null',
        unit: 'deg',
        description: 'Rotation of the boresight; null, for the dispatch refuses any number',
      },
      az_accel: {
        ...positive('deg/s2', 'Acceleration of the azimuth axis at the turns'),
        driveLimit: DRIVE_LIMITS.turnAccelerationDegS2,
      },
      az_padding: {
        type: 'number',
        min: 0,
        unit: 'deg',
        description: 'Azimuth beyond the footprint on either side',
      },
      az_branch: {
        type: 'number',
        range: AZIMUTH_RANGE,
        unit: 'deg',
        description: 'Azimuth near which the turn of the cables is chosen',
      },
      v_az: {
        type: 'number',
        unit: 'deg/s',
        driveLimit: DRIVE_LIMITS.azimuthSpeedDegS,
        description: 'Drift of the centre in azimuth; found by the planner where it is not given',
      },
      timestep: { ...positive('s', 'Time between points of the path'), dispatchMin: 0.05 },
      sampling_step_seconds: positive('s', 'Step of the search for the pass'),
      allow_partial: { type: 'boolean', description: 'Whether a pass that is cut short will do' },
      az_speed: { ...positive('deg/s', 'Speed of a leg'), awaitsForwarding: true },
      az_throw: { ...positive('deg', 'Width of the sweep'), awaitsForwarding: true },
      dwell: { ...positive('s', 'Time on the source'), awaitsForwarding: true },
      eta_offset_deg: {
        type: 'number',
        unit: 'deg',
        description: 'Shift of the row in the focal plane',
        awaitsForwarding: true,
      },
      footprint_margin: {
        type: 'number',
        min: 0,
        unit: 'deg',
        description: 'Margin around the footprint',
        awaitsForwarding: true,
      },
      pass_index: {
        ...INTEGER,
        min: 0,
        description: 'Place of the pass in its sequence, from 0',
        isProvenance: true,
      },
      n_passes: { ...INTEGER, min: 1, description: 'Passes of the sequence', isProvenance: true },
    },
    alternatives: {
      groups: [['ra', 'dec'], ['body']],
      required: false,
      conflict: 'stands beside ra and dec: a body or a position, not both',
      refusesDispatch: true,
    },
    elsewhere: {},
    passedOn: {},
    hints: {},
    dropsUnknown: true,
  },
} as const satisfies Readonly<Record<string, Pattern>>;

/** Name of a scan pattern. */
export type ScanPattern = keyof typeof SCAN_PATTERNS;

/** The pattern of each mode that has one; the parameters of other modes have no shape that is known. */
export const PATTERN_OF_MODE = Object.freeze({
  pong: 'pong',
  daisy: 'daisy',
  constant_el: 'constant_el',
  source_scan: 'source_scan',
  planet_cal: 'source_scan',
} as const satisfies Readonly<Record<string, ScanPattern>>);

/** Name of an observing mode whose parameters have a shape. */
export type ScanMode = keyof typeof PATTERN_OF_MODE;

/** Whether the parameters of a mode have a shape that is known. */
export function isScanMode(mode: string | undefined): mode is ScanMode {
  return mode !== undefined && Object.hasOwn(PATTERN_OF_MODE, mode);
}
