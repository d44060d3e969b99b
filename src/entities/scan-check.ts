import { isScanMode, PATTERN_OF_MODE, SCAN_PATTERNS, type ScanMode } from './scan-patterns.js';
import { type Alternatives, type KeyRule, type Pattern, ScanIssueCode } from './scan-rules.js';

/** Something that is wrong with the scan parameters of an obs unit. */
export interface ScanIssue {
  /** The key of the set, or the column that the set relies on. */
  readonly key: string;
  /** What is wrong, for programs. */
  readonly code: ScanIssueCode;
  /** What is wrong and what is allowed, to be read after the key. */
  readonly message: string;
  /** Whether the set must not be stored: the survey planner would not write it. */
  readonly refusesStoring: boolean;
  /** Whether the dispatch, or the planner that it calls, would refuse the set or run another scan. */
  readonly refusesDispatch: boolean;
}

/** A set of scan parameters as JSON. */
export type ScanParameters = Readonly<Record<string, unknown>>;

/**
 * The issues of the scan parameters of an obs unit by themselves: keys that are unknown, missing, misplaced or exclude
 * each other, and values of the wrong type or out of range. {@link dispatchOf} checks the unit, its source and its
 * configuration.
 *
 * @param mode name of the observing mode; the parameters of a mode without a known pattern have no issues
 * @param parameters the set, as in `ObsUnit.mappingParameters`
 * @returns an issue for each thing that is wrong; `refusesStoring` tells those with which the set must not be stored
 *
 * @example
 * import { scanIssues } from 'ccat-ops-db';
 *
 * const issues = scanIssues('daisy', { name: 'Mars_daisy', onsky_velocity: 0.3, r0: 0.5, Rt: 0.2, Ra: 0 });
 * console.log(issues.map(({ key, code }) => `${key}: ${code}`).join()); // R0: missing_key,r0: unknown_key
 */
export function scanIssues(mode: string, parameters: ScanParameters): ScanIssue[] {
  return isScanMode(mode) ? issuesOf(mode, SCAN_PATTERNS[PATTERN_OF_MODE[mode]], parameters) : [];
}

/** Keys that only sets of the survey planner have. */
const PLANNERS_KEYS = ['onsky_velocity', 'el_bore'];

/**
 * What is wrong with a set of which the mode is not known: nothing where it fits some mode, or has no key of the survey
 * planner; otherwise what the nearest mode has against it.
 */
export function issuesInAnyMode(parameters: ScanParameters): ScanIssue[] {
  if (!PLANNERS_KEYS.some((key) => Object.hasOwn(parameters, key))) return [];
  const refused = Object.keys(PATTERN_OF_MODE).map((mode) =>
    scanIssues(mode, parameters).filter(({ refusesStoring }) => refusesStoring),
  );
  return refused.reduce((least, some) => (some.length < least.length ? some : least));
}

function issuesOf(mode: ScanMode, pattern: Pattern, parameters: ScanParameters): ScanIssue[] {
  const given = new Map(Object.entries(parameters));
  const conflicts = [
    ...(pattern.alternatives ? alternativeIssues(pattern.alternatives, given) : []),
    ...ruleOfSeveral(pattern, given),
  ];
  const ofKeys = [...given].flatMap(([key, value]) => keyIssues(mode, pattern, key, value, given));
  // For a key that must be removed, it does not matter that the dispatch ignores it.
  const mustGo = conflicts.filter(({ code }) => code === ScanIssueCode.CONFLICT).map(({ key }) => key);
  return [
    ...missingKeys(pattern, given),
    ...ofKeys.filter(({ key, refusesStoring }) => refusesStoring || !mustGo.includes(key)),
    ...conflicts,
  ];
}

type Given = ReadonlyMap<string, unknown>;

function missingKeys({ keys }: Pattern, given: Given): ScanIssue[] {
  return Object.entries(keys)
    .filter(([key, { required }]) => required && !given.has(key))
    .map(([key, rule]) => {
      const isGivenByChance = rule.argument !== undefined && given.has(rule.argument);
      return {
        key,
        code: ScanIssueCode.MISSING_KEY,
        message: `is required: ${lowerFirst(rule.description)}${inUnit(rule)}`,
        refusesStoring: true,
        // The label is dropped on the way.
        refusesDispatch: rule.type !== 'label' && !isGivenByChance,
      };
    });
}

function keyIssues(mode: ScanMode, pattern: Pattern, key: string, value: unknown, given: Given): ScanIssue[] {
  const rule = own(pattern.keys, key);
  if (rule) return [...valueIssues(key, value, rule, mode), ...dispatchIssues(key, value, rule)];
  const argument = argumentRule(pattern, key);
  if (argument) {
    const [original, argumentOf] = argument;
    const isTwice = original !== undefined && given.has(original);
    const message = original
      ? `is the name of the argument; the key is ${original}`
      : 'is an argument of the planner that the survey planner does not write';
    return [
      issue(key, ScanIssueCode.UNKNOWN_KEY, message, { dispatch: isTwice }),
      ...valueIssues(key, value, argumentOf, mode).map((one) => ({ ...one, refusesStoring: false })),
    ];
  }
  const elsewhere = own(pattern.elsewhere, key);
  if (elsewhere) return [issue(key, ScanIssueCode.FROM_ELSEWHERE, `must not be given: ${elsewhere}`)];
  if (pattern.dropsUnknown)
    return [
      issue(key, ScanIssueCode.NOT_FORWARDED, `is dropped without a message; known are ${list(pattern)}`),
    ];
  const hint = own(pattern.hints, key) ?? 'is unknown';
  return [issue(key, ScanIssueCode.UNKNOWN_KEY, `${hint}; known are ${list(pattern)}`)];
}

/** The key that has the argument's name as its rename, if there is one, and what holds of its values. */
function argumentRule(pattern: Pattern, name: string): [string | undefined, KeyRule] | undefined {
  const passed = own(pattern.passedOn, name);
  if (passed) return [undefined, passed];
  return Object.entries(pattern.keys).find(([, { argument }]) => argument === name);
}

/** The issues of a value. */
function valueIssues(key: string, value: unknown, rule: KeyRule, mode: ScanMode): ScanIssue[] {
  const say = (code: ScanIssueCode, message: string, refuses?: Refuses) => [
    issue(key, code, message, refuses),
  ];
  switch (rule.type) {
    case 'label':
      if (typeof value !== 'string' || value.trim() === '')
        return say(ScanIssueCode.WRONG_TYPE, 'must be a text that is not empty', { dispatch: false });
      return isPatternName(value, mode)
        ? say(ScanIssueCode.NAME_IS_PATTERN, `must be ${lowerFirst(rule.description)}, not the pattern`, {
            dispatch: false,
          })
        : [];
    case 'number':
    case 'integer':
      return numberIssues(key, value, rule);
    case 'boolean':
      return typeof value === 'boolean' ? [] : say(ScanIssueCode.WRONG_TYPE, 'must be true or false');
    case 'choice':
      if (typeof value !== 'string') return say(ScanIssueCode.WRONG_TYPE, 'must be a text');
      return rule.values?.includes(value)
        ? []
        : say(rule.code ?? ScanIssueCode.OUT_OF_RANGE, `must be one of ${rule.values?.join(', ')}`);
    case 'instant':
      return isIsoInstant(value) ? [] : say(ScanIssueCode.WRONG_TYPE, `must be a text such as ${INSTANT}`);
    case 'window':
      return windowIssues(key, value);
    case 'footprint':
      return footprintIssues(key, value);
    case 'null':
      if (value === null) return [];
      return typeof value === 'number'
        ? say(ScanIssueCode.GATE, 'must be null or left out; not even 0 is taken', { storing: false })
        : say(ScanIssueCode.WRONG_TYPE, 'must be null');
  }
}

function numberIssues(key: string, value: unknown, rule: KeyRule): ScanIssue[] {
  const say = (code: ScanIssueCode, message: string) => [issue(key, code, `${message}${inUnit(rule)}`)];
  const what = rule.type === 'integer' ? 'a whole number' : 'a number';
  if (typeof value !== 'number' || !Number.isFinite(value))
    return say(ScanIssueCode.WRONG_TYPE, `must be ${what}${typeof value === 'string' ? ', not a text' : ''}`);
  if (rule.type === 'integer' && !Number.isInteger(value))
    return say(ScanIssueCode.WRONG_TYPE, 'must be a whole number');
  if (rule.range && (value < rule.range[0] || value > rule.range[1]))
    return say(ScanIssueCode.OUT_OF_RANGE, `must be from ${rule.range.join(' to ')}`);
  if (rule.above !== undefined && value <= rule.above)
    return say(ScanIssueCode.NOT_POSITIVE, `must be above ${rule.above}`);
  if (rule.min !== undefined && value < rule.min)
    return say(
      rule.min === 0 ? ScanIssueCode.NEGATIVE : ScanIssueCode.BELOW_MINIMUM,
      `must be at least ${rule.min}`,
    );
  return [];
}

/** The issues of the dispatch with a key that may be stored. */
function dispatchIssues(key: string, value: unknown, rule: KeyRule): ScanIssue[] {
  const say = (code: ScanIssueCode, message: string) => [issue(key, code, message, { storing: false })];
  if (rule.refusedAtDispatch) return say(rule.refusedAtDispatch.code, rule.refusedAtDispatch.why);
  if (rule.awaitsForwarding)
    return say(
      ScanIssueCode.AWAITING_FORWARD,
      `(${lowerFirst(rule.description)}${inUnit(rule)}) is known to the planner, but the dispatch does not read it yet: it would run another scan`,
    );
  if (rule.isProvenance)
    return say(
      ScanIssueCode.PROVENANCE,
      `(${lowerFirst(rule.description)}) is only for the record: nobody reads it`,
    );
  if (typeof value !== 'number') return [];
  if (rule.driveLimit !== undefined && Math.abs(value) > rule.driveLimit)
    return say(
      ScanIssueCode.DRIVE_LIMIT,
      `must be at most ${rule.driveLimit}${inUnit(rule)}: the drives cannot do more`,
    );
  if (rule.dispatchMin !== undefined && value > 0 && value < rule.dispatchMin)
    return say(
      ScanIssueCode.BELOW_MINIMUM,
      `must be at least ${rule.dispatchMin}${inUnit(rule)} for the dispatch`,
    );
  return [];
}

function alternativeIssues(alternatives: Alternatives, given: Given): ScanIssue[] {
  const { groups, required, missing = '', conflict, refusesDispatch } = alternatives;
  const begun = groups.filter((group) => group.some((key) => given.has(key)));
  const halves = begun.flatMap((group) =>
    group
      .filter((key) => !given.has(key))
      .map((key) =>
        issue(key, ScanIssueCode.MISSING_KEY, `is required beside ${group.join(', ')}: all or none`),
      ),
  );
  if (begun.length > 1) {
    const key = groups.at(-1)?.[0] as string;
    return [...halves, issue(key, ScanIssueCode.CONFLICT, conflict)];
  }
  if (begun.length > 0 || !required) return halves;
  const key = groups[0]?.[0] as string;
  return [issue(key, ScanIssueCode.MISSING_KEY, `is required: ${missing}`, { dispatch: refusesDispatch })];
}

/** Rules on several keys of one pattern. */
function ruleOfSeveral(pattern: Pattern, given: Given): ScanIssue[] {
  if (pattern !== SCAN_PATTERNS.source_scan) return [];
  const issues: ScanIssue[] = [];
  const hasMotion = given.has('pm_ra') || given.has('pm_dec');
  if (hasMotion && !given.has('ref_epoch'))
    issues.push(issue('ref_epoch', ScanIssueCode.MISSING_KEY, 'is required with a proper motion'));
  if (given.has('az_throw') && given.has('az_padding'))
    issues.push(issue('az_throw', ScanIssueCode.CONFLICT, 'stands beside an az_padding: one or the other'));
  const [dwell, step] = [given.get('dwell'), given.get('sampling_step_seconds') ?? SAMPLING_STEP_S];
  if (typeof dwell === 'number' && typeof step === 'number' && dwell > 0 && dwell < step)
    issues.push(
      issue('dwell', ScanIssueCode.BELOW_MINIMUM, `must be at least sampling_step_seconds, ${step} [s]`),
    );
  return issues;
}

const SAMPLING_STEP_S = 30;
const INSTANT = '2026-03-15T06:00:00';
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

function isIsoInstant(value: unknown): value is string {
  return typeof value === 'string' && instantOf(value) !== undefined;
}

/** The instant of a text in ISO 8601, which is in UTC where it has no zone; undefined where it is none. */
export function instantOf(text: string): number | undefined {
  if (!ISO.test(text)) return undefined;
  const day = text.slice(0, 10);
  const isDay = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day);
  const iso = text.replace(' ', 'T');
  const instant = Date.parse(/T.*(Z|[+-]\d{2}:?\d{2})$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`);
  return isDay && !Number.isNaN(instant) ? instant : undefined;
}

function windowIssues(key: string, value: unknown): ScanIssue[] {
  if (!Array.isArray(value) || value.length !== 2 || !value.every(isIsoInstant))
    return [
      issue(key, ScanIssueCode.WRONG_TYPE, `must be a list of start and end, texts such as ${INSTANT}`),
    ];
  const [start, end] = value.map((text) => instantOf(text) as number) as [number, number];
  return end > start ? [] : [issue(key, ScanIssueCode.CONFLICT, 'must end after its start')];
}

/** The slots of the focal plane; the planner ignores case. */
const PLACES = ['c', 'center', 'im0', 'i1', 'i2', 'i3', 'i4', 'i5', 'i6'];
/** The footprints that the dispatch accepts, as text. */
const FOOTPRINTS_DISPATCHED = ['c', 'center'];

function footprintIssues(key: string, value: unknown): ScanIssue[] {
  if (typeof value !== 'string') return [issue(key, ScanIssueCode.WRONG_TYPE, 'must be a text')];
  const places = value
    .toLowerCase()
    .split(',')
    .map((place) => place.trim());
  const isKnown = value.toLowerCase() === 'all' || places.every((place) => PLACES.includes(place));
  if (!isKnown) {
    const reason = places.some((place) => /^im[1-6]$/.test(place))
      ? ': the places of IM1 to IM6 are not confirmed, and they are not i1 to i6'
      : '';
    const message = `must be c, i1 to i6, several of them as i1,i2, or all${reason}`;
    return [issue(key, ScanIssueCode.OUT_OF_RANGE, message)];
  }
  if (FOOTPRINTS_DISPATCHED.includes(value)) return [];
  const message = 'must be c or center, as text, while the port of the telescope is not confirmed';
  return [issue(key, ScanIssueCode.GATE, message, { storing: false })];
}

/** A name that repeats the mode. */
function isPatternName(name: string, mode: ScanMode): boolean {
  const plain = name.trim().toLowerCase();
  return plain === mode || Object.hasOwn(SCAN_PATTERNS, plain) || Object.hasOwn(PATTERN_OF_MODE, plain);
}

interface Refuses {
  readonly storing?: boolean;
  readonly dispatch?: boolean;
}

function issue(
  key: string,
  code: ScanIssueCode,
  message: string,
  { storing = true, dispatch = true }: Refuses = {},
): ScanIssue {
  return { key, code, message, refusesStoring: storing, refusesDispatch: dispatch };
}

/** Keys come from users, and may be those of `Object.prototype`. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function list({ keys }: Pattern): string {
  return Object.keys(keys).join(', ');
}

function inUnit({ unit }: KeyRule): string {
  return unit ? ` [${unit}]` : '';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
