import type { DataSource } from 'typeorm';
import { ExecutedObsUnit, type Instrument } from '../../entities/index.js';
import {
  type Filed,
  fileRawDataFiles,
  finishObservation,
  startObservation,
} from '../../services/filing/index.js';
import type { Faults } from './faults.js';
import type { PlannedExecution } from './night-plan.js';
import type { Random } from './random.js';
import { rawFiles, sessionOf } from './raw-files.js';

/** What the telescope files with. */
export interface Filing {
  readonly dataSource: DataSource;
  readonly dice: Random;
  readonly faults: Faults;
  readonly sourceOf: (instrument: Instrument | undefined) => number;
}

/** What came of an execution. */
export interface Observed {
  /** Whether it was not there before. */
  readonly isNew: boolean;
  readonly files: number;
  readonly bytes: number;
  /** Calls that were made once more than needed. */
  readonly duplicates: number;
  /** The end that is still to be filed, where it comes late. */
  readonly late?: () => Promise<void>;
}

/** Files an execution as the telescope does: its start, its files, its end. */
export async function observe(filing: Filing, execution: PlannedExecution): Promise<Observed> {
  const { dice, faults } = filing;
  const { id } = execution;
  const isLate = dice.happens(faults.lateFinish, 'late-finish', id);
  const isTwice = (call: string) => dice.happens(faults.duplicateFiling, 'duplicate-filing', call, id);
  // What comes too early is not taken, and has to be sent again.
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
  return { isNew, files: added, bytes: added > 0 ? bytes : 0, duplicates, ...(isLate && { late }) };
}

async function fileStart({ dataSource }: Filing, execution: PlannedExecution): Promise<boolean> {
  const { id, unit, startTime, position, modules } = execution;
  const known = await dataSource.manager.existsBy(ExecutedObsUnit, { id });
  await startObservation(dataSource.manager, {
    id,
    obsUnitId: unit.id,
    startTime,
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
  { dataSource, dice, sourceOf }: Filing,
  execution: PlannedExecution,
): Promise<Filed & { readonly bytes: number }> {
  const files = execution.modules.flatMap((module) =>
    rawFiles(dice, execution, module, sourceOf(module.instrument)),
  );
  const filed = await fileRawDataFiles(dataSource.manager, files);
  return { ...filed, bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

async function fileEnd(
  { dataSource }: Filing,
  { id, unit, endTime, weather }: PlannedExecution,
): Promise<void> {
  await finishObservation(dataSource.manager, { id, obsUnitId: unit.id, endTime, ...weather });
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}
