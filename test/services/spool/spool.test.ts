import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import {
  createDataSource,
  ExecutedObsUnit,
  type NewRawDataFile,
  OpsDbError,
  openSpool,
  PreScheduledSlot,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  type Spool,
  startObservation,
} from '../../../src/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { withoutTelescope } from '../../support/observed.js';
import { type OneOfEach, oneOfEach } from '../../support/one-of-each.js';

const startTime = new Date('2026-11-21T03:00:00Z');
const endTime = new Date('2026-11-21T03:20:00.123Z');

describeEachDatabase('a spool', (database) => {
  let dataSource: DataSource;
  let rows: OneOfEach;
  let folder: string;
  let spool: Spool;
  let obsUnitId: number;

  beforeAll(async () => {
    dataSource = await database.open();
    rows = await oneOfEach(dataSource.manager);
    obsUnitId = rows.ObsUnit?.id;
    await withoutTelescope(dataSource.manager, obsUnitId);
  });

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spool-'));
    spool = openSpool({ path: path.join(folder, 'spool.sqlite') });
  });

  afterEach(() => {
    spool.close();
    rmSync(folder, { recursive: true });
  });

  const filesOf = (executedObsUnitId: string, count: number): NewRawDataFile[] =>
    Array.from({ length: count }, (_, index) => ({
      id: randomUUID(),
      executedObsUnitId,
      instrumentModuleId: rows.InstrumentModule?.id,
      sourceLocationId: rows.DiskDataLocation?.id,
      relativePath: `${executedObsUnitId}/${index}.fits`,
      sizeBytes: 2880,
      recordedAt: endTime,
      metadata: { at: '2026-11-21T03:00:00Z' },
    }));

  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      (error: unknown) => (error as OpsDbError).code,
    );

  /** An observation with two files in a package. */
  const observe = async (unit = obsUnitId) => {
    const id = await spool.startObservation({ obsUnitId: unit, startTime });
    const files = filesOf(id, 2);
    expect(await spool.fileRawDataFiles(files)).toEqual({ noted: 2 });
    const [{ instrumentModuleId, sourceLocationId }] = files as [NewRawDataFile];
    const fileIds = files.map((file) => file.id);
    const of = { executedObsUnitId: id, instrumentModuleId, sourceLocationId };
    const packageId = randomUUID();
    await spool.fileRawDataPackage({ ...of, id: packageId, fileIds });
    await spool.finishObservation({ id, obsUnitId: unit, endTime, pwvMm: 0.5 });
    return { id, files, fileIds, packageId };
  };

  it('takes every call while nothing is sent, and the primary has all of them after a drain', async () => {
    const { id, fileIds, packageId } = await observe();
    await spool.noteConditions({ id, quality: 'degraded', note: 'clouds' });
    const slot = {
      obsUnitId,
      startTime: new Date('2026-11-22T03:00:00Z'),
      endTime: new Date('2026-11-22T04:00:00Z'),
    };
    await spool.fileSlots([slot]);
    const other = { id: randomUUID(), obsUnitId, startTime: endTime, observingNight: '2026-11-20' };
    await spool.fileRows(ExecutedObsUnit, [other]);
    expect(await dataSource.manager.existsBy(ExecutedObsUnit, { id })).toBe(false);
    expect(spool.status().calls.waiting).toEqual({ calls: 7, rows: 8 });

    expect(await spool.drain({ dataSource })).toEqual({ taken: 7, refused: 0, postponed: 0 });
    const { manager } = dataSource;
    expect(await manager.findOneBy(ExecutedObsUnit, { id })).toMatchObject({
      startTime,
      endTime,
      pwvMm: 0.5,
      status: 'completed',
      quality: 'degraded',
      observingNight: '2026-11-20',
    });
    const files = await manager.findBy(RawDataFile, { rawDataPackageId: packageId });
    expect(files.map((file) => file.id).sort()).toEqual(fileIds.sort());
    expect(files[0]).toMatchObject({ recordedAt: endTime, metadata: { at: '2026-11-21T03:00:00Z' } });
    expect(await manager.countBy(RawDataFilePhysicalCopy, { rawDataFileId: fileIds[0] })).toBe(1);
    expect(await manager.countBy(PreScheduledSlot, slot)).toBe(1);
    expect(await manager.existsBy(ExecutedObsUnit, { id: other.id })).toBe(true);
    expect(await spool.drain({ dataSource })).toEqual({ taken: 0, refused: 0, postponed: 0 });
  });

  it('does no harm when every call is sent twice', async () => {
    const { id, packageId } = await observe();
    await spool.noteConditions({ id, quality: 'good' });
    await spool.fileSlots([{ obsUnitId, startTime, endTime }]);
    const calls = [...spool.calls(['waiting'])];
    await spool.drain({ dataSource });
    const before = await dataSource.manager.findOneBy(ExecutedObsUnit, { id });
    // As after a kill between the commit of the primary and the mark in the spool.
    const again = openSpool({ path: path.join(folder, 'again.sqlite') });
    for (const { kind, content, entity } of calls)
      if (kind === 'fileRows') throw new Error(entity);
      else
        await (again[kind] as (given: unknown) => Promise<unknown>)(
          kind.endsWith('s') && kind !== 'noteConditions' ? content : content[0],
        );
    expect(await again.drain({ dataSource })).toEqual({ taken: 6, refused: 0, postponed: 0 });
    again.close();
    expect(await dataSource.manager.findOneBy(ExecutedObsUnit, { id })).toEqual({
      ...before,
      updatedAt: expect.any(Date),
    });
    expect(await dataSource.manager.countBy(RawDataPackage, { id: packageId })).toBe(1);
    expect(await dataSource.manager.countBy(PreScheduledSlot, { startTime })).toBe(1);
  });

  it('refuses at the door what the database would not take', async () => {
    const executedObsUnitId = randomUUID();
    const [file] = filesOf(executedObsUnitId, 1) as [NewRawDataFile];
    const wrong: [string, () => Promise<unknown>][] = [
      ['no unit', () => spool.startObservation({ startTime } as never)],
      ['a text for a unit', () => spool.startObservation({ obsUnitId: '1' as never, startTime })],
      ['no instant', () => spool.startObservation({ obsUnitId, startTime: new Date(Number.NaN) })],
      ['no UUID', () => spool.finishObservation({ id: '1', obsUnitId, endTime })],
      ['out of range', () => spool.noteConditions({ id: executedObsUnitId, humidityPercent: 101 })],
      ['no such quality', () => spool.noteConditions({ id: executedObsUnitId, quality: 'fine' as never })],
      ['a path out of its root', () => spool.fileRawDataFiles([{ ...file, relativePath: '../a' }])],
      ['a negative size', () => spool.fileRawDataFiles([file, { ...file, sizeBytes: -1 }])],
      [
        'a file of an execution and of none',
        () => spool.fileRawDataFiles([{ ...file, ofNoExecution: true }]),
      ],
      [
        'a slot that ends first',
        () => spool.fileSlots([{ obsUnitId, startTime: endTime, endTime: startTime }]),
      ],
      ['no column', () => spool.fileRows(ExecutedObsUnit, [{ id: executedObsUnitId, unit: 1 }])],
      ['a row that has to have more', () => spool.fileRows(ExecutedObsUnit, [{ id: executedObsUnitId }])],
      ['no files', () => spool.fileRawDataPackage({ ...file, fileIds: undefined as never })],
    ];
    for (const [name, call] of wrong) expect([name, await codeOf(call())]).toEqual([name, 'filing_refused']);
    expect(spool.status().calls.waiting.calls).toBe(0);
  });

  it('sets aside what the primary refuses with all that depends on it, and sends the rest', async () => {
    const lost = await observe(999_999);
    const kept = await observe();
    expect(await spool.drain({ dataSource })).toEqual({ taken: 4, refused: 4, postponed: 0 });
    expect(await dataSource.manager.countBy(RawDataPackage, { id: kept.packageId })).toBe(1);
    const refused = spool.list({ state: 'refused' });
    expect(refused.map(({ kind, code, because }) => [kind, code, because])).toEqual([
      ['startObservation', 'filing_refused', null],
      ['fileRawDataFiles', 'depends', 1],
      ['fileRawDataPackage', 'depends', expect.any(Number)],
      ['finishObservation', 'depends', 1],
    ]);
    expect(refused[0]?.reason).toContain('obsUnitId is 999999');
    // What comes later depends on it, too.
    await spool.noteConditions({ id: lost.id, pwvMm: 1 });
    expect(await spool.drain({ dataSource })).toEqual({ taken: 0, refused: 1, postponed: 0 });

    expect(spool.retry()).toBe(5);
    expect((await spool.drain({ dataSource })).refused).toBe(5);
    expect(spool.discard([1], 'a wrong unit')).toBe(1);
    expect(spool.discard([1], 'a wrong unit')).toBe(0);
    expect(spool.status().calls).toMatchObject({ refused: { calls: 4 }, discarded: { calls: 1 } });
    // Somebody has filed by hand what was discarded.
    await startObservation(dataSource.manager, { id: lost.id, obsUnitId, startTime });
    expect(spool.retry()).toBe(4);
    const { taken, refused: still } = await spool.drain({ dataSource });
    // The end is one of another unit.
    expect([taken, still]).toEqual([3, 1]);
  });

  it('forgets what was taken after a while, and nothing else', async () => {
    const hasty = openSpool({ path: path.join(folder, 'hasty.sqlite'), keepTakenS: 0 });
    await hasty.startObservation({ obsUnitId, startTime });
    await hasty.startObservation({ obsUnitId: 999_999, startTime });
    await hasty.drain({ dataSource });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await hasty.drain({ dataSource });
    expect(hasty.status().calls).toMatchObject({ taken: { calls: 0 }, refused: { calls: 1 } });
    hasty.close();
  });

  it('sets aside only the file of a list that is refused', async () => {
    const id = await startObservation(dataSource.manager, { obsUnitId, startTime });
    const files = filesOf(id, 9);
    await spool.fileRawDataFiles(files);
    const [first, second] = files as [NewRawDataFile, NewRawDataFile];
    await spool.fileRawDataFiles([
      { ...first, sizeBytes: 1 },
      { ...second, id: randomUUID(), relativePath: 'good.fits' },
    ]);
    expect(await spool.drain({ dataSource })).toEqual({ taken: 1, refused: 1, postponed: 0 });
    expect(await dataSource.manager.countBy(RawDataFile, { executedObsUnitId: id })).toBe(10);
    const [refused] = spool.list({ state: 'refused' });
    expect(refused).toMatchObject({ code: 'filing_conflict', rows: 1 });
    expect(spool.show(refused?.seq as number).content).toEqual([{ ...first, sizeBytes: 1 }]);
  });

  it('waits for an execution that another spool has yet to file, and gives up after a while', async () => {
    const id = randomUUID();
    await spool.fileRawDataFiles(filesOf(id, 1));
    await spool.finishObservation({ id, obsUnitId, endTime });
    expect(await spool.drain({ dataSource })).toEqual({ taken: 0, refused: 0, postponed: 2 });
    expect(spool.list()[0]).toMatchObject({ state: 'waiting', reason: expect.stringContaining(id) });
    expect(await spool.drain({ dataSource })).toEqual({ taken: 0, refused: 0, postponed: 0 });

    const impatient = openSpool({ path: path.join(folder, 'impatient.sqlite') });
    await impatient.finishObservation({ id, obsUnitId, endTime });
    expect(await impatient.drain({ dataSource, patienceS: 0 })).toMatchObject({ refused: 1 });
    expect(impatient.list()[0]?.code).toBe('filing_unknown');
    await startObservation(dataSource.manager, { id, obsUnitId, startTime });
    impatient.retry();
    expect(await impatient.drain({ dataSource })).toMatchObject({ taken: 1 });
    impatient.close();
  });

  it('keeps the order of the conditions and the end of an execution', async () => {
    const id = await spool.startObservation({ obsUnitId, startTime });
    await spool.noteConditions({ id, pwvMm: 0.3 });
    await spool.finishObservation({ id, obsUnitId, endTime, pwvMm: 0.4 });
    await spool.noteConditions({ id, windSpeedMS: 3 });
    expect((await spool.drain({ dataSource })).taken).toBe(4);
    expect(await dataSource.manager.findOneBy(ExecutedObsUnit, { id })).toMatchObject({
      pwvMm: 0.4,
      windSpeedMS: 3,
    });
  });

  it('sends while it is written to, and has one forwarder at a time', async () => {
    const stop = new AbortController();
    const forwarding = spool.forward({ dataSource, signal: stop.signal });
    const other = openSpool({ path: spool.path });
    expect(await codeOf(other.drain({ dataSource }))).toBe('database_busy');
    expect(other.status().forwarder?.pid).toBe(process.pid);
    const { id } = await observe();
    while (other.status().calls.waiting.calls > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await dataSource.manager.existsBy(ExecutedObsUnit, { id, status: 'completed' })).toBe(true);
    stop.abort();
    await forwarding;
    expect(await other.drain({ dataSource })).toMatchObject({ taken: 0 });
    expect(other.status().forwarder).toBeNull();
    other.close();
  });
});

describe('the file of a spool', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spool-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('says that the disk is full, and keeps what was acknowledged', async () => {
    const spool = openSpool({ path: path.join(folder, 'a', 'spool.sqlite'), maxBytes: 200_000 });
    const note = 'x'.repeat(20_000);
    let noted = 0;
    const fill = async () => {
      for (; noted < 100; noted++) await spool.noteConditions({ id: randomUUID(), note });
    };
    const error = await fill().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'disk_full' });
    expect((error as Error).message).toContain('nothing was noted in the spool');
    expect(noted).toBeGreaterThan(3);
    expect(spool.status().calls.waiting.calls).toBe(noted);
    spool.close();
  });

  it('warns of age, size and a disk that fills up', async () => {
    const warnings: string[] = [];
    const spool = openSpool({
      path: path.join(folder, 'spool.sqlite'),
      limits: { ageS: -1, bytes: 1, freeBytes: 1e18 },
      warn: (message) => warnings.push(message),
    });
    await spool.noteConditions({ id: randomUUID(), pwvMm: 1 });
    expect(warnings.map((text) => /oldest|takes|left/.exec(text)?.[0])).toEqual(['oldest', 'takes', 'left']);
    expect(spool.status().warnings).toHaveLength(3);
    spool.close();
  });

  it('gives the same warning once a minute, however often the primary is tried', async () => {
    let tries = 0;
    const stop = new AbortController();
    const server = createServer((socket) => {
      socket.destroy();
      if (++tries === 3) stop.abort();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const warnings: string[] = [];
    const spool = openSpool({
      path: path.join(folder, 'spool.sqlite'),
      warn: (message) => warnings.push(message),
    });
    try {
      await spool.noteConditions({ id: randomUUID(), pwvMm: 1 });
      const { port } = server.address() as AddressInfo;
      const dataSource = createDataSource({ databaseType: 'postgresql', host: '127.0.0.1', port });
      await spool.forward({ dataSource, signal: stop.signal });
      expect(tries).toBe(3);
      expect(warnings).toEqual([expect.stringContaining('nothing can be sent')]);
    } finally {
      spool.close();
      server.close();
    }
  });

  it('is not any other database', () => {
    const file = path.join(folder, 'other.sqlite');
    const Driver = require('better-sqlite3');
    new Driver(file).exec('CREATE TABLE a (b)').close();
    expect(() => openSpool({ path: file })).toThrow('no spool');
    expect(() => openSpool({ path: path.join(folder, 'none'), mustExist: true })).toThrow(OpsDbError);
  });
});
