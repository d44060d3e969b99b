import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { filingService } from '../../examples/filing-service.js';
import { nightReport } from '../../examples/night-report.js';
import { connect, visit } from '../../examples/service-with-tables.js';
import { telescopeService } from '../../examples/telescope-service.js';
import { transferOnce } from '../../examples/transfer-worker.js';
import {
  DataTransfer,
  DataTransferPackagePhysicalCopy,
  DataTransferUnpacking,
  ExecutedObsUnit,
  type ObsUnit,
  openSpool,
} from '../../src/index.js';
import { describeEachDatabase } from '../support/databases.js';
import { type OneOfEach, oneOfEach } from '../support/one-of-each.js';

describeEachDatabase('the example of', (database) => {
  let dataSource: DataSource;
  let rows: OneOfEach;
  let server: Server;

  beforeAll(async () => {
    dataSource = await database.open();
    rows = await oneOfEach(dataSource.manager);
    server = filingService(dataSource).listen(0);
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const post = async (path: string, body: unknown) => {
    const { port } = server.address() as AddressInfo;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: text });
    return { status: response.status, body: (await response.json()) as { issues?: unknown[] } };
  };

  it('a service with tables of its own notes visits beside the model', async () => {
    const own = await connect(await database.create('seed'));
    await visit(own, 'Ada', 'ccat');
    const visits = await visit(own, 'Grace', 'ccat');
    expect(visits.map(({ visitor, site }) => [visitor, site?.shortName])).toEqual([
      ['Ada', 'ccat'],
      ['Grace', 'ccat'],
    ]);
    await own.destroy();
  });

  it('a filing service files an observation, sent twice', async () => {
    const obsUnitId = rows.ObsUnit?.id;
    const [id, file] = ['0190e2a4-7c1f-7000-8000-000000000001', '0190e2a4-7c1f-7000-8000-000000000002'];
    const start = { id, obsUnitId, startTime: '2026-11-25T02:10:00Z' };
    const files = [
      {
        id: file,
        executedObsUnitId: id,
        relativePath: 'night/a.fits',
        sizeBytes: 2_500_000_000,
        instrumentModuleId: rows.InstrumentModule?.id,
        sourceLocationId: rows.DiskDataLocation?.id,
      },
    ];
    const end = { id, obsUnitId, endTime: '2026-11-25T02:20:00Z' };
    expect(await post('/start', start)).toEqual({ status: 200, body: { id } });
    expect(await post('/start', start)).toEqual({ status: 200, body: { id } });
    expect(await post('/files', files)).toEqual({ status: 200, body: { added: 1, known: 0 } });
    expect(await post('/files', files)).toEqual({ status: 200, body: { added: 0, known: 1 } });
    expect(await post('/end', end)).toEqual({ status: 200, body: { outcome: 'finished' } });
    expect(await post('/end', end)).toEqual({ status: 200, body: { outcome: 'known' } });
  });

  it('a filing service says what is wrong with what it is sent', async () => {
    const { status, body } = await post('/files', { id: 'x' });
    expect(status).toBe(400);
    expect(body.issues).toContainEqual(
      expect.objectContaining({ key: 'relativePath', message: 'must be given' }),
    );
    expect(await post('/start', '{')).toMatchObject({ status: 400 });
    expect(await post('/strt', {})).toMatchObject({ status: 404 });
    const unknown = { obsUnitId: 999, startTime: '2026-11-25T02:10:00Z' };
    expect(await post('/start', unknown)).toMatchObject({ status: 409, body: { code: 'filing_refused' } });
  });

  it('a service at the telescope notes an observation while nothing is sent, and shows it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spool-'));
    const spool = openSpool({ path: path.join(folder, 'spool.sqlite') });
    const telescope = telescopeService(spool, dataSource).listen(0);
    const { port } = telescope.address() as AddressInfo;
    const at = `http://127.0.0.1:${port}`;
    const send = async (route: string, body: object) => {
      const response = await fetch(at + route, { method: 'POST', body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as { id: string } };
    };
    const obsUnitId = rows.ObsUnit?.id;
    const { id } = (await send('/start', { obsUnitId, startTime: '2026-11-02T02:10:00Z' })).body;
    expect(await send('/end', { id, obsUnitId, endTime: '2026-11-02T02:20:00Z' })).toMatchObject({
      status: 200,
    });
    expect(await send('/conditions', { id, humidityPercent: 120 })).toMatchObject({ status: 400 });
    const night = await (await fetch(`${at}/night?of=2026-11-01`)).json();
    expect(night).toMatchObject([{ id, status: 'completed', whereabouts: 'waiting' }]);
    expect(await spool.drain({ dataSource })).toMatchObject({ taken: 2 });
    expect(await dataSource.manager.existsBy(ExecutedObsUnit, { id, status: 'completed' })).toBe(true);
    await new Promise((resolve) => telescope.close(resolve));
    spool.close();
    await dataSource.manager.delete(ExecutedObsUnit, { id });
    rmSync(folder, { recursive: true });
  });

  it('a night report shows what was executed and how far its packages are', async () => {
    const { name } = rows.ObsUnit as ObsUnit;
    expect(await nightReport(dataSource, '2026-11-24')).toEqual([
      ...['Night of 2026-11-24', `02:10 ${name} completed: 1 files, 2.500 GB`],
    ]);
    expect(await nightReport(dataSource, '2026-11-23')).toEqual([
      ...['Night of 2026-11-23', `03:00 ${name} running: 1 files, 0.000 GB`, '1 packages waiting'],
    ]);
  });

  it('a transfer worker moves what waits, and gives back what fails', async () => {
    const { manager } = dataSource;
    const from = { originLocationId: rows.DiskDataLocation?.id, worker: 'example' };
    const { id } = rows.DataTransfer as DataTransfer;
    // Of a transfer that has not arrived nothing was unpacked.
    await manager.delete(DataTransferUnpacking, { dataTransferId: id });
    const failing = () => Promise.reject(new Error('the line is down'));
    expect(await transferOnce(dataSource, { ...from, move: failing })).toBe(0);
    expect(await manager.findOneBy(DataTransfer, { id })).toMatchObject({
      status: 'pending',
      retryCount: 1,
      lastError: 'Error: the line is down',
    });
    await manager.update(DataTransfer, { id }, { nextRetryAt: null });
    expect(await transferOnce(dataSource, { ...from, move: async () => 7 })).toBe(1);
    expect(await transferOnce(dataSource, { ...from, move: async () => 7 })).toBe(0);
    expect(await manager.findOneBy(DataTransfer, { id })).toMatchObject({
      status: 'completed',
      transferredBytes: 7,
    });
    const arrived = { dataLocationId: rows.S3DataLocation?.id };
    expect(await manager.countBy(DataTransferPackagePhysicalCopy, arrived)).toBe(1);
  });
});
