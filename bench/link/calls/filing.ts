import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EntityManager } from 'typeorm';
import {
  DataLocation,
  ExecutedObsUnit,
  fileRawDataFiles,
  fileRawDataPackage,
  fileSlots,
  finishObservation,
  InstrumentModule,
  type NewRawDataFile,
  noteConditions,
  ObsUnit,
  observingNight,
  openSpool,
  RawDataFile,
  RawDataFilePhysicalCopy,
  startObservation,
} from '../../../src/index.js';
import { freeTime } from '../../support/free-time.js';
import type { Call, Work } from '../call.js';

const RECORDED_AT = new Date('2026-11-01T03:20:00Z');

async function obsUnitOf(manager: EntityManager): Promise<number> {
  return (await manager.findOneByOrFail(ObsUnit, { available: true })).id;
}

/** An execution with the rows that its files refer to. */
export async function originOf(manager: EntityManager) {
  const obsUnitId = await obsUnitOf(manager);
  const { id: instrumentModuleId } = await manager.findOneByOrFail(InstrumentModule, { name: 'LFA' });
  const { id: sourceLocationId } = await manager.findOneByOrFail(DataLocation, { name: 'chai_raw_data' });
  const executedObsUnitId = await startObservation(manager, { obsUnitId, startTime: freeTime().startTime });
  return { executedObsUnitId, instrumentModuleId, sourceLocationId };
}

/** Files that are not there yet. */
export async function newFiles(manager: EntityManager, count: number): Promise<NewRawDataFile[]> {
  const origin = await originOf(manager);
  return Array.from({ length: count }, (_, index) => ({
    ...origin,
    id: randomUUID(),
    relativePath: `20261201/${origin.executedObsUnitId}/${index}.fits`,
    sizeBytes: 5_033_164_800,
    fileType: 'fits',
    checksum: 'a'.repeat(64),
    checksumAlgorithm: 'sha256',
    recordedAt: RECORDED_AT,
  }));
}

async function newPackage(manager: EntityManager, count: number) {
  const files = await newFiles(manager, count);
  await fileRawDataFiles(manager, files);
  const origin = await originOf(manager);
  const [first] = files;
  return {
    ...origin,
    executedObsUnitId: first?.executedObsUnitId ?? origin.executedObsUnitId,
    id: randomUUID(),
    fileIds: files.map(({ id }) => id),
    metadata: { observation: { source: 'Mars' }, instrument: { name: 'CHAI' } },
  };
}

/** How many files, and round trips for them when they are new and when they are known. */
const FILE_COUNTS: readonly (readonly [count: number, atMost: number, known: number])[] = [
  [1, 1, 2],
  [1000, 1, 2],
  [10_000, 1, 2],
];

const filesOf = ([count, atMost, known]: (typeof FILE_COUNTS)[number]): Call[] => [
  {
    name: `fileRawDataFiles, ${count}`,
    atMost,
    async prepare(manager) {
      const files = await newFiles(manager, count);
      return (session) => fileRawDataFiles(session, files);
    },
    async typeorm(manager) {
      const files = await newFiles(manager, count);
      return (session) => saveFiles(session, files);
    },
  },
  {
    name: `fileRawDataFiles, ${count}, known`,
    atMost: known,
    async prepare(manager) {
      const files = await newFiles(manager, count);
      await fileRawDataFiles(manager, files);
      return (session) => fileRawDataFiles(session, files);
    },
  },
];

/** As a program without this package would write them: inserts of as many rows as the parameters allow. */
function saveFiles(session: EntityManager, files: readonly NewRawDataFile[]): Promise<void> {
  return session.transaction(async (nested) => {
    for (let start = 0; start < files.length; start += 1000) {
      const part = files.slice(start, start + 1000);
      await nested.insert(RawDataFile, part as object[]);
      await nested.insert(
        RawDataFilePhysicalCopy,
        part.map(({ id, sourceLocationId }) => ({
          id: randomUUID(),
          rawDataFileId: id,
          dataLocationId: sourceLocationId,
        })),
      );
    }
  });
}

async function running(manager: EntityManager) {
  const obsUnitId = await obsUnitOf(manager);
  const { startTime, endTime } = freeTime();
  const id = await startObservation(manager, { obsUnitId, startTime });
  return { id, obsUnitId, endTime, pwvMm: 0.45 };
}

export const filingCalls: readonly Call[] = [
  {
    name: 'startObservation',
    atMost: 1,
    async prepare(manager) {
      const obsUnitId = await obsUnitOf(manager);
      return (session) => startObservation(session, { obsUnitId, startTime: freeTime().startTime });
    },
    async typeorm(manager) {
      const obsUnitId = await obsUnitOf(manager);
      const { startTime } = freeTime();
      const values = { obsUnitId, startTime, observingNight: observingNight(startTime) };
      return (session) => session.save(session.create(ExecutedObsUnit, { id: randomUUID(), ...values }));
    },
  },
  {
    name: 'startObservation, known',
    atMost: 2,
    async prepare(manager) {
      const obsUnitId = await obsUnitOf(manager);
      const start = { id: randomUUID(), obsUnitId, startTime: freeTime().startTime };
      await startObservation(manager, start);
      return (session) => startObservation(session, start);
    },
  },
  {
    name: 'finishObservation',
    atMost: 1,
    async prepare(manager) {
      const end = await running(manager);
      return (session) => finishObservation(session, end);
    },
    async typeorm(manager) {
      const { id, endTime, pwvMm } = await running(manager);
      return async (session) => {
        const found = await session.findOneByOrFail(ExecutedObsUnit, { id });
        await session.save(Object.assign(found, { endTime, pwvMm, status: 'completed' }));
      };
    },
  },
  {
    name: 'finishObservation, known',
    atMost: 1,
    async prepare(manager) {
      const end = await running(manager);
      await finishObservation(manager, end);
      return (session) => finishObservation(session, end);
    },
  },
  ...FILE_COUNTS.flatMap(filesOf),
  {
    name: 'fileRawDataPackage, 1000',
    atMost: 1,
    async prepare(manager): Promise<Work> {
      const given = await newPackage(manager, 1000);
      return (session) => fileRawDataPackage(session, given);
    },
  },
  {
    name: 'fileRawDataPackage, 1000, known',
    atMost: 2,
    async prepare(manager) {
      const given = await newPackage(manager, 1000);
      await fileRawDataPackage(manager, given);
      return (session) => fileRawDataPackage(session, given);
    },
  },
  {
    name: 'noteConditions',
    atMost: 1,
    async prepare(manager) {
      const { id } = await running(manager);
      return (session) => noteConditions(session, { id, pwvMm: 0.5, quality: 'good' });
    },
  },
  {
    name: 'fileSlots, 10',
    atMost: 1,
    async prepare(manager) {
      const obsUnitId = await obsUnitOf(manager);
      const first = Date.UTC(2030, 0, 1) + Math.floor(Math.random() * 1e9) * 1000;
      const slots = Array.from({ length: 10 }, (_, index) => ({
        obsUnitId,
        startTime: new Date(first + index * 60_000),
        endTime: new Date(first + (index + 1) * 60_000),
      }));
      return (session) => fileSlots(session, slots);
    },
  },
  {
    name: 'spool.drain, 1 observation of 1000 files',
    // A clock, the start, the files, the package, the end.
    atMost: 5,
    async prepare(manager): Promise<Work> {
      const { executedObsUnitId: id, ...of } = await originOf(manager);
      const obsUnitId = await obsUnitOf(manager);
      const spool = openSpool({
        path: path.join(mkdtempSync(path.join(tmpdir(), 'spool-')), 'spool.sqlite'),
      });
      const { startTime, endTime } = freeTime();
      const executedObsUnitId = await spool.startObservation({ obsUnitId, startTime });
      const files = (await newFiles(manager, 1000)).map((file) => ({
        ...file,
        executedObsUnitId,
        relativePath: file.relativePath.replace(file.executedObsUnitId ?? id, executedObsUnitId),
      }));
      await spool.fileRawDataFiles(files);
      const fileIds = files.map((file) => file.id);
      await spool.fileRawDataPackage({ ...of, executedObsUnitId, id: randomUUID(), fileIds });
      await spool.finishObservation({ id: executedObsUnitId, obsUnitId, endTime });
      return async ({ dataSource }) => {
        const { taken } = await spool.drain({ dataSource });
        spool.close();
        rmSync(path.dirname(spool.path), { recursive: true });
        if (taken !== 4) throw new Error(`${taken} calls were taken, not 4`);
      };
    },
  },
];
