import {
  DataQuality,
  type ExecutedObsUnit,
  ExecutedObsUnitStatus,
  type TimeCorrection,
  TimeUse,
} from '../../entities/index.js';

/** A stretch of telescope time and what it counts as. */
export interface TimeShare {
  /** Start, UTC. */
  readonly start: Date;
  /** End, UTC. */
  readonly end: Date;
  /** What the time counts as. */
  readonly use: TimeUse;
  /** Short name of the program; null where it is of none. */
  readonly program: string | null;
  /** Short name of the project; null where it is of none. */
  readonly project: string | null;
  /** Names of the instruments that observed; null where none did. */
  readonly instrument: string | null;
  /** Why it counts as that, where it was lost or corrected; null: it follows from the executions. */
  readonly reason: string | null;
}

/** The longest time before an execution that counts as its overhead: slew, settling, retune [ms]. */
const OVERHEAD_MOST_MS = 300_000;

/**
 * Divides a window into stretches that follow one another without a gap. Where executions overlap the one that began first
 * has the time.
 * @param executions by their starts, with unit, program, project and instruments
 * @param corrections by when they were entered
 */
export function sharesOf(
  from: number,
  to: number,
  executions: readonly ExecutedObsUnit[],
  corrections: readonly TimeCorrection[],
): TimeShare[] {
  const shares: TimeShare[] = [];
  let free = from;
  for (const execution of executions) {
    const start = Math.max(free, execution.startTime.getTime());
    const end = Math.min(to, execution.endTime?.getTime() ?? nextStart(execution, executions) ?? to);
    if (end <= free || start >= to) continue;
    const overhead = Math.max(free, start - OVERHEAD_MOST_MS);
    const { program, project, instrument } = ownerOf(execution);
    shares.push(
      share(free, overhead, TimeUse.IDLE),
      share(overhead, start, TimeUse.OVERHEAD, { program, project, instrument }),
      share(start, end, ...useOf(execution)),
    );
    free = end;
  }
  shares.push(share(free, to, TimeUse.IDLE));
  return corrections.reduce(corrected, shares).filter(({ start, end }) => start < end);
}

type Owner = Pick<TimeShare, 'program' | 'project' | 'instrument'>;

function share(
  start: number,
  end: number,
  use: TimeUse,
  of: Partial<Owner & Pick<TimeShare, 'reason'>> = {},
): TimeShare {
  const { program = null, project = null, instrument = null, reason = null } = of;
  return { start: new Date(start), end: new Date(end), use, program, project, instrument, reason };
}

/** An execution of which no end was noted lasts until the next one begins. */
function nextStart(execution: ExecutedObsUnit, executions: readonly ExecutedObsUnit[]): number | undefined {
  return executions.find(({ startTime }) => startTime > execution.startTime)?.startTime.getTime();
}

function ownerOf({ obsUnit }: ExecutedObsUnit): Owner {
  const instruments = (obsUnit?.instrumentModuleConfigurations ?? []).flatMap(
    ({ instrumentModule }) => instrumentModule?.instrument?.name ?? [],
  );
  return {
    program: obsUnit?.observingProgram?.shortName ?? null,
    project: obsUnit?.subObservingProgram?.shortName ?? null,
    instrument: instruments.length > 0 ? [...new Set(instruments)].sort().join(' and ') : null,
  };
}

function useOf(execution: ExecutedObsUnit): [TimeUse, Owner & Pick<TimeShare, 'reason'>] {
  const { status, quality, pwvMm, note, obsUnit } = execution;
  const owner = ownerOf(execution);
  const isLost = status === ExecutedObsUnitStatus.FAILED || quality === DataQuality.BAD;
  if (!isLost)
    return [
      obsUnit?.observingProgram?.calibration ? TimeUse.CALIBRATION : TimeUse.CHARGED,
      { ...owner, reason: null },
    ];
  const isTooWet =
    pwvMm !== null && obsUnit !== undefined && pwvMm > (obsUnit.pwvMaxMm ?? Number.POSITIVE_INFINITY);
  if (isTooWet)
    return [
      TimeUse.LOST_WEATHER,
      { ...owner, reason: note ?? `${pwvMm} mm of water vapour, ${obsUnit.pwvMaxMm} mm allowed` },
    ];
  const why = status === ExecutedObsUnitStatus.FAILED ? 'the execution failed' : 'its data are bad';
  return [TimeUse.LOST_FAULT, { ...owner, reason: note ?? why }];
}

/** Shares with a correction in place of what they said of its time. */
function corrected(shares: readonly TimeShare[], correction: TimeCorrection): TimeShare[] {
  const { startTime, endTime, use, reason } = correction;
  const program = correction.observingProgram?.shortName ?? null;
  return shares.flatMap((one) => {
    if (one.end <= startTime || one.start >= endTime) return [one];
    const [start, end] = [later(one.start, startTime), earlier(one.end, endTime)];
    const owner =
      use === TimeUse.CHARGED ? { program, project: one.program === program ? one.project : null } : {};
    return [
      { ...one, end: start },
      { ...one, ...owner, start, end, use, reason },
      { ...one, start: end },
    ].filter((part) => part.start < part.end);
  });
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
