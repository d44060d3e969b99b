import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDataSource } from '../../../src/datasource.js';
import { openSpool, RawDataFile, RawDataFilePhysicalCopy, type Spool } from '../../../src/index.js';
import { describePostgresql } from '../../support/databases.js';
import { withoutTelescope } from '../../support/observed.js';
import { type OneOfEach, oneOfEach } from '../../support/one-of-each.js';
import { type Piece, SwallowingProxy } from '../../support/swallowing-proxy.js';

/** Enough for a login on a machine that is busy. */
const LIMIT_MS = 800;

const startTime = new Date('2026-11-21T03:00:00Z');
const everything = () => true;
const nothing = () => false;
const rowsOfFiles = ({ from, text }: Piece) => from === 'client' && /COPY "?raw_data_file/.test(text);
const answerToFiles = ({ from, text }: Piece) => from === 'server' && /COPY 3/.test(text);

describePostgresql('a spool whose link accepts and never answers', (database) => {
  let proxy: SwallowingProxy;
  let rows: OneOfEach;
  let folder: string;
  let spool: Spool;

  const throughProxy = () => {
    const { settings } = database.options;
    const way = { host: '127.0.0.1', port: proxy.port, connectTimeoutMs: LIMIT_MS, poolSize: 2 };
    return createDataSource({ settings: { ...settings, postgresql: { ...settings.postgresql, ...way } } });
  };
  const waiting = () => spool.status().calls.waiting.calls;

  /** An observation with three files. @returns the keys of the files */
  async function observe(): Promise<string[]> {
    const executedObsUnitId = await spool.startObservation({ obsUnitId: rows.ObsUnit?.id, startTime });
    const files = Array.from({ length: 3 }, (_, index) => ({
      id: randomUUID(),
      executedObsUnitId,
      instrumentModuleId: rows.InstrumentModule?.id,
      sourceLocationId: rows.DiskDataLocation?.id,
      relativePath: `${executedObsUnitId}/${index}.fits`,
      sizeBytes: 2880,
    }));
    await spool.fileRawDataFiles(files);
    return files.map(({ id }) => id);
  }

  const expectOnce = async (fileIds: readonly string[]) => {
    const { manager } = await database.open();
    for (const id of fileIds) {
      expect(await manager.countBy(RawDataFile, { id })).toBe(1);
      expect(await manager.countBy(RawDataFilePhysicalCopy, { rawDataFileId: id })).toBe(1);
    }
  };

  beforeAll(async () => {
    const { host, port } = database.options.settings.postgresql;
    proxy = await SwallowingProxy.start({ host, port });
    const { manager } = await database.open();
    rows = await oneOfEach(manager);
    await withoutTelescope(manager, rows.ObsUnit?.id);
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spool-'));
    spool = openSpool({ path: path.join(folder, 'spool.sqlite'), warn: () => {} });
    proxy.swallows = nothing;
  });
  afterEach(() => {
    spool.close();
    rmSync(folder, { recursive: true });
  });
  afterAll(() => proxy.stop());

  it('takes calls meanwhile, gives the drain up, and sends everything once when the link is back', async () => {
    const dataSource = await throughProxy().initialize();
    try {
      const before = await observe();
      proxy.swallows = everything;
      const drained = spool.drain({ dataSource });
      const given = expect(drained).rejects.toMatchObject({ code: 'connection_lost' });
      const meanwhile = await observe();
      await given;
      expect(spool.status()).toMatchObject({ outage: { message: expect.stringContaining('silent') } });
      expect(waiting()).toBe(4);

      proxy.swallows = nothing;
      expect(await spool.drain({ dataSource })).toEqual({ taken: 4, refused: 0, postponed: 0 });
      expect(spool.status().outage).toBeNull();
      await expectOnce([...before, ...meanwhile]);
    } finally {
      await dataSource.destroy();
    }
  });

  it.each([
    ['the files', rowsOfFiles],
    ['the answer to the files', answerToFiles],
  ])('forwards by itself what was on its way when the link swallowed %s', async (_, swallows) => {
    const fileIds = await observe();
    let swallowed = 0;
    proxy.swallows = (piece) => {
      const isSwallowed = swallowed === 0 && swallows(piece);
      if (isSwallowed) swallowed += 1;
      return isSwallowed;
    };
    const stop = new AbortController();
    const dataSource = throughProxy();
    const forwarding = spool.forward({ dataSource, signal: stop.signal });
    while (waiting() > 0) await sleep(20);
    stop.abort();
    await forwarding;
    await dataSource.destroy();
    expect(swallowed).toBe(1);
    await expectOnce(fileIds);
  });
});
