import type { EntityManager } from 'typeorm';
import { type ObsUnit, ObsUnitState } from '../../entities/index.js';
import type { Dispatch, DispatchableUnit } from './dispatch-of.js';
import { daisyReach } from './kinematics.js';
import { dispatches } from './summary.js';
import { bodyOf } from './target.js';

/** A source of the offline scheduler. */
export interface SchedulerSource {
  /** Name of the obs unit. */
  readonly name: string;
  /** Right ascension of the centre, ICRS [deg]. */
  readonly raDeg: number;
  /** Declination of the centre, ICRS [deg]. */
  readonly decDeg: number;
  /** Extent in right ascension, on the sky [deg]. */
  readonly widthDeg: number;
  /** Extent in declination [deg]. */
  readonly heightDeg: number;
  /** Lower is more urgent: 100 less the priority of the unit. */
  readonly priority: number;
  /** Speed of the scan as the set has it [deg/s]. */
  readonly velocityDegS: number;
  /** Pattern of the scan. */
  readonly scanType: 'constant_el' | 'pong' | 'daisy';
}

/** What the offline scheduler can be given. */
export interface SchedulerList {
  /** A source for each unit that is available, active and can be dispatched. */
  readonly sources: readonly SchedulerSource[];
  /** The other available units of Prime-Cam's patterns, and why they are left out. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/** The scheduler's priority of the least urgent unit. */
const LEAST_URGENT = 100;

/**
 * The obs units as the offline scheduler reads them: a fixed centre, extents, speed, pattern, and the priority turned
 * round, since a lower number is more urgent there.
 * @param manager reads the units, in a transaction where they are to be of one moment
 *
 * @example
 * import { schedulerList } from 'ccat-ops-db';
 *
 * const { sources, leftOut } = await schedulerList(session);
 * const wide = sources.find(({ name }) => name === 'Wide01/pong/280');
 * console.log(wide?.scanType, wide?.widthDeg, wide?.priority); // pong 20 50
 * console.log(leftOut.find(({ name }) => name === 'Jupiter-patch/constant_el/280')?.reason); // moves with Jupiter
 */
export async function schedulerList(manager: EntityManager): Promise<SchedulerList> {
  const sources: SchedulerSource[] = [];
  const leftOut: { name: string; reason: string }[] = [];
  for await (const [unit, dispatch] of dispatches(manager)) {
    if (dispatch.pattern === null || !unit.available || unit.state !== ObsUnitState.ACTIVE) continue;
    const reason = reasonAgainst(unit, dispatch);
    if (reason === undefined) sources.push(sourceOf(unit, dispatch as DispatchableUnit));
    else leftOut.push({ name: unit.name, reason });
  }
  return { sources, leftOut };
}

function reasonAgainst({ source }: ObsUnit, dispatch: Dispatch): string | undefined {
  if (!dispatch.dispatchable) {
    const [first] = dispatch.issues.filter(({ refusesDispatch }) => refusesDispatch);
    return `cannot be dispatched: ${first?.key} ${first?.message}`;
  }
  if (dispatch.pattern === 'source_scan') return 'is a source scan, which the scheduler plans by itself';
  const body = source && bodyOf(source);
  return body && `moves with ${body.name}`;
}

function sourceOf(
  unit: ObsUnit,
  { pattern, scanParams, planner: { field } }: DispatchableUnit,
): SchedulerSource {
  const number = (name: string) => Number(scanParams[name]);
  const daisy = 2 * daisyReach(number('radius'), number('turn_radius'));
  return {
    name: unit.name,
    raDeg: field?.ra_center ?? number('ra'),
    decDeg: field?.dec_center ?? number('dec'),
    widthDeg: field?.width ?? daisy,
    heightDeg: field?.height ?? daisy,
    priority: LEAST_URGENT - unit.priority,
    velocityDegS: number('velocity'),
    scanType: pattern as SchedulerSource['scanType'],
  };
}
