import { Between, type EntityManager, IsNull, LessThanOrEqual, MoreThanOrEqual } from 'typeorm';
import { inChunks } from '../../database/chunks.js';
import { oneOf } from '../../database/one-of.js';
import { ExecutedObsUnit, RawDataFile } from '../../entities/index.js';
import { assertInstant, assertNumber, assertWhole, uuidsOf } from '../../values/arguments.js';

/** Which files are looked at, and how far their times may be from an execution. */
export interface AssignOptions {
  /** Only files that were born at this location; all where left out. */
  readonly sourceLocationId?: number;
  /** Only files that were recorded from then on; all where left out. */
  readonly since?: Date;
  /** How long before the start of an execution a file may be recorded, such as a tuning [s]; by default 0. */
  readonly beforeS?: number;
  /** How long after the end of an execution a file may be finished [s]; by default 60. */
  readonly afterS?: number;
}

/** What became of files without an execution. */
export interface Assigned {
  /** Files of which the execution was found. */
  readonly assigned: number;
  /** UUIDs of files that fit several executions; they are left as they are. */
  readonly ambiguous: readonly string[];
  /** UUIDs of files that fit none yet. */
  readonly unknown: readonly string[];
}

type Candidate = Pick<ExecutedObsUnit, 'id' | 'startTime' | 'endTime' | 'readoutSession'> & {
  readonly moduleIds: ReadonlySet<number>;
};

/**
 * Finds the executions of files that were filed before these were known: by the session of the readout, or else by module and
 * time. Nothing that the readout writes names an execution.
 * @throws OpsDbError `value_invalid` for what is no location, instant or number of seconds from 0 on
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { assignExecutions, DataLocation, ExecutedObsUnit, fileRawDataFiles, RawDataFile } from 'ccat-ops-db';
 *
 * const place = await session.findOneByOrFail(DataLocation, { name: 'chai_raw_data' });
 * const { executedObsUnitId, instrumentModuleId, recordedAt } = await session.findOneByOrFail(RawDataFile, {
 *   sourceLocationId: place.id,
 * });
 * const of = { instrumentModuleId, recordedAt: recordedAt ?? new Date(), sourceLocationId: place.id };
 * const id = randomUUID();
 * await fileRawDataFiles(session, [{ ...of, id, relativePath: 'sweep.fits', sizeBytes: 2880 }]);
 *
 * console.log(await assignExecutions(session)); // { assigned: 1, ambiguous: [], unknown: [] }
 * const found = await session.findOneByOrFail(ExecutedObsUnit, { id: executedObsUnitId ?? '' });
 * console.log(found.id === (await session.findOneByOrFail(RawDataFile, { id })).executedObsUnitId); // true
 */
export async function assignExecutions(
  manager: EntityManager,
  { sourceLocationId, since, beforeS = 0, afterS = 60 }: AssignOptions = {},
): Promise<Assigned> {
  if (sourceLocationId !== undefined) assertWhole('sourceLocationId', sourceLocationId, 1);
  if (since !== undefined) assertInstant('since', since);
  assertNumber('beforeS', beforeS);
  assertNumber('afterS', afterS);
  const files = await manager.find(RawDataFile, {
    where: {
      executedObsUnitId: IsNull(),
      ofNoExecution: false,
      ...(sourceLocationId !== undefined && { sourceLocationId }),
      ...(since && { recordedAt: MoreThanOrEqual(since) }),
    },
    relations: { instrumentModules: true },
    order: { recordedAt: 'ASC', id: 'ASC' },
  });
  const found = new Map<string, string[]>();
  const ambiguous: string[] = [];
  const unknown: string[] = [];
  for await (const chunk of inChunks(files)) {
    const candidates = await candidatesFor(manager, chunk, beforeS, afterS);
    for (const file of chunk) {
      const [first, ...others] = fitting(file, candidates, beforeS, afterS);
      if (!first) unknown.push(file.id);
      else if (others.length > 0) ambiguous.push(file.id);
      else found.set(first.id, [...(found.get(first.id) ?? []), file.id]);
    }
  }
  let assigned = 0;
  for (const [executedObsUnitId, ids] of found) {
    const still = { id: oneOf(manager, ids), executedObsUnitId: IsNull(), ofNoExecution: false };
    assigned += (await manager.update(RawDataFile, still, { executedObsUnitId })).affected ?? 0;
  }
  return { assigned, ambiguous, unknown };
}

/**
 * Notes that files come from no execution, such as tunings of a night without a scan; they are packaged as they are then.
 * @param ids UUIDs of files
 * @returns how many files there were that have no execution
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   DataLocation,
 *   fileRawDataFiles,
 *   InstrumentModule,
 *   markOfNoExecution,
 *   RawDataFileKind,
 * } from 'ccat-ops-db';
 *
 * const place = await session.findOneByOrFail(DataLocation, { name: 'primecam_raw_data' });
 * const module = await session.findOneByOrFail(InstrumentModule, { name: '280 GHz' });
 * const of = { instrumentModuleId: module.id, sourceLocationId: place.id, recordedAt: new Date() };
 * const id = randomUUID();
 * const sweep = { ...of, id, kind: RawDataFileKind.VNA_SWEEP, relativePath: 'vna.npy', sizeBytes: 100 };
 * await fileRawDataFiles(session, [sweep]);
 * console.log(await markOfNoExecution(session, [id])); // 1
 */
export async function markOfNoExecution(manager: EntityManager, ids: readonly string[]): Promise<number> {
  const still = { id: oneOf(manager, uuidsOf('ids', ids)), executedObsUnitId: IsNull() };
  return (await manager.update(RawDataFile, still, { ofNoExecution: true })).affected ?? 0;
}

/** The executions that any of some files may come from, with the modules of their units. */
async function candidatesFor(
  manager: EntityManager,
  files: readonly RawDataFile[],
  beforeS: number,
  afterS: number,
): Promise<Candidate[]> {
  const times = files.map(({ recordedAt }) => recordedAt?.getTime() ?? 0);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const begun = { startTime: LessThanOrEqual(new Date(last + beforeS * 1000)) };
  const sessions = files.flatMap(({ readoutSession }) => readoutSession ?? []);
  const executions = await manager.find(ExecutedObsUnit, {
    where: [
      { ...begun, endTime: MoreThanOrEqual(new Date(first - afterS * 1000)) },
      { ...begun, endTime: IsNull() },
      ...(sessions.length > 0
        ? [{ readoutSession: Between(Math.min(...sessions), Math.max(...sessions)) }]
        : []),
    ],
    relations: { obsUnit: { instrumentModuleConfigurations: true } },
    order: { id: 'ASC' },
  });
  return executions.map(({ id, startTime, endTime, readoutSession, obsUnit }) => ({
    id,
    startTime,
    endTime,
    readoutSession,
    moduleIds: new Set(
      obsUnit?.instrumentModuleConfigurations?.map(({ instrumentModuleId }) => instrumentModuleId),
    ),
  }));
}

/** The executions that a file may come from; one of its own session stands over those of its time. */
function fitting(
  file: RawDataFile,
  candidates: readonly Candidate[],
  beforeS: number,
  afterS: number,
): readonly Candidate[] {
  const modules = file.instrumentModules?.map(({ id }) => id) ?? [];
  if (file.instrumentModuleId !== null) modules.push(file.instrumentModuleId);
  const ofModules = candidates.filter(({ moduleIds }) => modules.every((id) => moduleIds.has(id)));
  const ofSession = ofModules.filter(
    ({ readoutSession }) => readoutSession !== null && readoutSession === file.readoutSession,
  );
  if (ofSession.length > 0 || modules.length === 0) return ofSession;
  const at = file.recordedAt?.getTime() ?? 0;
  return ofModules.filter(
    ({ startTime, endTime }) =>
      at >= startTime.getTime() - beforeS * 1000 &&
      (endTime === null || at <= endTime.getTime() + afterS * 1000),
  );
}
