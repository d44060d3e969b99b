import type { ObsUnit, Source } from '../../entities/index.js';
import { type ScanIssue, scanIssues } from '../../entities/scan-check.js';
import {
  isScanMode,
  PATTERN_OF_MODE,
  SCAN_PATTERNS,
  type ScanPattern,
} from '../../entities/scan-patterns.js';
import { ScanIssueCode } from '../../entities/scan-rules.js';
import { FYST, type TelescopeSite } from '../sky/site.js';
import { PREPARATIONS, type Prepared } from './preparations.js';
import type { PlannerField } from './target.js';

/** Something that a planner warns of, and then goes on. */
export interface ScanWarning {
  /** What is warned of, for programs. */
  readonly code: string;
  /** What is warned of, with the value. */
  readonly message: string;
}

/** A call of a planner. */
export interface PlannerCall {
  /** Name of the function. */
  readonly function: string;
  /** The field, for planners that take one. */
  readonly field?: PlannerField;
  /** The other arguments by name. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What gives the arguments that the set does not hold. */
  readonly from_elsewhere: Readonly<Record<string, string>>;
}

interface Looked {
  /** Whether the survey planner could write the set, so that it may be stored. */
  readonly storable: boolean;
  /** Everything that is wrong, with storing or with the dispatch. */
  readonly issues: readonly ScanIssue[];
  /** What the planner warns of before it goes on; none where it does not go on. */
  readonly warnings: readonly ScanWarning[];
}

/** What the dispatch is to be given for an obs unit. */
export interface DispatchableUnit extends Looked {
  /** The dispatch takes the unit. */
  readonly dispatchable: true;
  /** The pattern that the unit scans. */
  readonly pattern: ScanPattern;
  /** The task of the dispatch. */
  readonly task: string;
  /** The parameters of the task, flat, with the names that it reads. */
  readonly scanParams: Readonly<Record<string, unknown>>;
  /** The call of the planner that the task makes. */
  readonly planner: PlannerCall;
}

/** An obs unit that cannot be dispatched; its issues say why. */
export interface UndispatchableUnit extends Looked {
  /** The dispatch does not take the unit. */
  readonly dispatchable: false;
  /** The pattern that the unit scans; null where its mode has none. */
  readonly pattern: ScanPattern | null;
}

/** What {@link dispatchOf} finds; `dispatchable` tells which. */
export type Dispatch = DispatchableUnit | UndispatchableUnit;

/** For when and where a unit is prepared. */
export interface DispatchOptions {
  /** When the unit would start, for the place of a body; by default now. */
  readonly at?: Date;
  /** Where the telescope stands; by default FYST. */
  readonly telescope?: TelescopeSite;
}

/**
 * What the dispatch at the telescope is to be given for an obs unit: the task and its parameters, with the renames that
 * the planners want, the centre and the extents from the source, the acceleration from the configuration, the elevation
 * and the sidereal window from the unit. Or why it cannot be dispatched.
 *
 * @param unit with `source`, `obsMode` and `observationConfiguration` loaded, as {@link obsUnitForDispatch} gives it
 * @throws TypeError when the unit was loaded without its source or its mode
 *
 * @example
 * import { dispatchOf, obsUnitForDispatch } from 'ccat-ops-db';
 *
 * const unit = await obsUnitForDispatch(session, 'VelaC/pong/280');
 * const dispatch = dispatchOf(unit);
 * if (dispatch.dispatchable) console.log(dispatch.task, dispatch.scanParams.velocity); // pong_scan 0.5
 *
 * unit.mappingParameters = { ...unit.mappingParameters, onsky_velocity: 4 };
 * for (const { key, code } of dispatchOf(unit).issues) console.log(key, code); // onsky_velocity drive_limit
 */
export function dispatchOf(
  unit: ObsUnit,
  { at = new Date(), telescope = FYST }: DispatchOptions = {},
): Dispatch {
  const { mappingParameters: set } = unit;
  const mode = loaded(unit, unit.obsMode, 'mode').name;
  const source = loaded<Source>(unit, unit.source, 'source');
  if (!isScanMode(mode)) return withoutTask(mode);
  const pattern = PATTERN_OF_MODE[mode];
  const prepared = PREPARATIONS[pattern]({ unit, set, source, at, telescope });
  const issues = [...scanIssues(mode, set), ...prepared.issues];
  const looked = { storable: !issues.some(({ refusesStoring }) => refusesStoring), issues };
  if (issues.some(({ refusesDispatch }) => refusesDispatch))
    return { ...looked, warnings: [], dispatchable: false, pattern };
  const { warnings } = prepared;
  return { ...looked, warnings, dispatchable: true, pattern, ...given(pattern, prepared) };
}

function given(
  pattern: ScanPattern,
  { field, arguments: args }: Prepared,
): Pick<DispatchableUnit, 'task' | 'scanParams' | 'planner'> {
  const { task, planner, givenBy } = SCAN_PATTERNS[pattern];
  return {
    task,
    scanParams: { ...field, ...args },
    planner: { function: planner, ...(field && { field }), arguments: args, from_elsewhere: givenBy },
  };
}

/** Of a mode that is no scan of Prime-Cam there is no task. */
function withoutTask(mode: string): UndispatchableUnit {
  const message = `is ${mode}: the dispatch has a task only for ${Object.keys(PATTERN_OF_MODE).join(', ')}`;
  const issue = {
    key: 'obs_mode',
    code: ScanIssueCode.UNSUPPORTED,
    message,
    refusesStoring: false,
    refusesDispatch: true,
  };
  return { dispatchable: false, pattern: null, storable: true, issues: [issue], warnings: [] };
}

function loaded<T>({ name }: ObsUnit, relation: T | null | undefined, what: string): T {
  if (relation) return relation;
  throw new TypeError(`obs unit ${name} was loaded without its ${what}`);
}
