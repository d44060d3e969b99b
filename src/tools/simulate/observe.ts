import type { DataSource } from 'typeorm';
import {
  ConstantElevationSource,
  ExecutedObsUnit,
  type Instrument,
  type ObsUnit,
  SolarSystemObject,
} from '../../entities/index.js';
import type { Faults } from './faults.js';
import type { PlannedExecution } from './night-plan.js';
import type { Random } from './random.js';
import { rawFiles, sessionOf } from './raw-files.js';
import type { TelescopeCalls } from './telescope-calls.js';

/** What the telescope files with. */
export interface Filing {
  readonly dataSource: DataSource;
  /** The calls of the telescope. */
  readonly calls: TelescopeCalls;
  readonly random: Random;
  readonly faults: Faults;
  readonly sourceOf: (instrument: Instrument | undefined) => number;
}

/** Outcome of an execution. */
export interface Observed {
  /** Whether it was not there before. */
  readonly isNew: boolean;
  readonly files: number;
  readonly bytes: number;
  /** Calls that were made once more than needed. */
  readonly duplicates: number;
  /** Files the end later, where it is late. */
  readonly late?: () => Promise<void>;
}

/** Files an execution as the telescope does: its start, its files, its end. */
export async function observe(filing: Filing, execution: PlannedExecution): Promise<Observed> {
  const { random, faults } = filing;
  const { id } = execution;
  const isLate = random.happens(faults.lateFinish, 'late-finish', id);
  const isTwice = (call: string) => random.happens(faults.duplicateFiling, 'duplicate-filing', call, id);
  // An end that comes too early is refused, and must be sent again.
  if (isLate) await fileEnd(filing, execution);
  const isNew = await fileStart(filing, execution);
  if (isTwice('start')) await fileStart(filing, execution);
  const { added, bytes } = await fileFiles(filing, execution);
  if (isTwice('files')) await fileFiles(filing, execution);
  const late = async () => {
    await fileEnd(filing, execution);
    if (isTwice('end')) await fileEnd(filing, execution);
  };
  if (!isLate) await late();
  const duplicates = ['start', 'files', 'end'].filter(isTwice).length;
  // A spool does not know whether the primary has the rows already.
  const isAdded = added > 0 && (isNew || filing.calls.knowsWhatIsNew);
  return {
    isNew,
    files: isAdded ? added : 0,
    bytes: isAdded ? bytes : 0,
    duplicates,
    ...(isLate && { late }),
  };
}

async function fileStart({ dataSource, calls }: Filing, execution: PlannedExecution): Promise<boolean> {
  const { id, unit, startTime, position, modules } = execution;
  const known = await dataSource.manager.existsBy(ExecutedObsUnit, { id });
  await calls.start({
    id,
    obsUnitId: unit.id,
    startTime,
    ...(isMoving(unit) && { raDeg: position.raDeg, decDeg: position.decDeg }),
    ...(modules.some(({ rawFileFormat }) => rawFileFormat === 'g3') && {
      readoutSession: sessionOf(startTime),
    }),
    instrumentConfiguration: {
      modules: modules.map(({ name }) => name),
      ra_deg: rounded(position.raDeg),
      dec_deg: rounded(position.decDeg),
      azimuth_deg: rounded(position.azimuthDeg),
      elevation_deg: rounded(position.elevationDeg),
      sun_distance_deg: rounded(position.sunDistanceDeg),
    },
  });
  return !known;
}

async function fileFiles(
  { calls, random, sourceOf }: Filing,
  execution: PlannedExecution,
): Promise<{ readonly added: number; readonly bytes: number }> {
  const files = execution.modules.flatMap((module) =>
    rawFiles(random, execution, module, sourceOf(module.instrument)),
  );
  const added = await calls.files(files);
  return { added, bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

async function fileEnd({ calls }: Filing, { id, unit, endTime, weather }: PlannedExecution): Promise<void> {
  await calls.end({ id, obsUnitId: unit.id, endTime, ...weather });
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}

/** Whether the source is a body, or a field that follows one. */
function isMoving({ source }: ObsUnit): boolean {
  return (
    source instanceof SolarSystemObject ||
    (source instanceof ConstantElevationSource && source.followsSourceId !== null)
  );
}
