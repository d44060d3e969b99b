import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import {
  type ExecutedObsUnit,
  openSpool,
  type SiteReader,
  type Spool,
  startObservation,
  withSpool,
} from '../../../src/index.js';
import { checkInvariants } from '../../../src/tools/integrity/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { withoutTelescope } from '../../support/observed.js';
import { type OneOfEach, oneOfEach } from '../../support/one-of-each.js';

const observingNight = '2026-11-01';
const startTime = new Date('2026-11-02T03:00:00Z');
const endTime = new Date('2026-11-02T03:20:00Z');

describeEachDatabase('reading at the site', (database) => {
  let dataSource: DataSource;
  let rows: OneOfEach;
  let folder: string;
  let spool: Spool;
  let site: SiteReader;
  let obsUnitId: number;

  beforeAll(async () => {
    dataSource = await database.open();
    rows = await oneOfEach(dataSource.manager);
    obsUnitId = rows.ObsUnit?.id;
    await withoutTelescope(dataSource.manager, obsUnitId);
    folder = mkdtempSync(path.join(tmpdir(), 'spool-'));
    spool = openSpool({ path: path.join(folder, 'spool.sqlite') });
    site = withSpool(dataSource, spool);
  });

  afterAll(() => {
    spool.close();
    rmSync(folder, { recursive: true });
  });

  const seen = async (where: Partial<ExecutedObsUnit> = { observingNight }) =>
    (await site.executions(where)).map(({ id, status, pwvMm, whereabouts }) => [
      id,
      status,
      pwvMm ?? null,
      whereabouts,
    ]);

  it('sees each execution once, with what waits, during an outage and after it', async () => {
    // Started before the outage, ended during it.
    const known = await startObservation(dataSource.manager, { obsUnitId, startTime });
    await spool.startObservation({ id: known, obsUnitId, startTime });
    await spool.finishObservation({ id: known, obsUnitId, endTime, pwvMm: 0.5 });
    const fresh = await spool.startObservation({ obsUnitId, startTime: endTime });
    const refused = await spool.startObservation({
      obsUnitId: 999_999,
      startTime: new Date('2026-11-02T05:00:00Z'),
    });
    const during = [
      [known, 'completed', 0.5, 'waiting'],
      [fresh, 'running', null, 'waiting'],
      [refused, 'running', null, 'waiting'],
    ];
    expect(await seen()).toEqual(during);
    expect(await seen({ observingNight, status: 'completed' })).toEqual([during[0]]);
    expect((await seen({ observingNight, status: 'running' })).map(([id]) => id)).toEqual([fresh, refused]);

    await spool.drain({ dataSource });
    expect(await seen()).toEqual([
      [known, 'completed', 0.5, 'replica'],
      [fresh, 'running', null, 'replica'],
      [refused, 'running', null, 'refused'],
    ]);
    // A replica that has none of it yet.
    const behind = withSpool(await database.open(await database.create('tables')), spool);
    expect((await behind.executions({ observingNight })).map(({ whereabouts }) => whereabouts)).toEqual([
      'taken',
      'taken',
      'refused',
    ]);
  });

  it('sees files and packages that wait', async () => {
    const executedObsUnitId = await spool.startObservation({ obsUnitId, startTime });
    const of = {
      executedObsUnitId,
      instrumentModuleId: rows.InstrumentModule?.id,
      sourceLocationId: rows.DiskDataLocation?.id,
    };
    const files = ['b', 'a'].map((relativePath) => ({ ...of, id: randomUUID(), relativePath, sizeBytes: 1 }));
    await spool.fileRawDataFiles(files);
    await spool.drain({ dataSource });
    const fileId = files[0]?.id ?? '';
    const packageId = randomUUID();
    await spool.fileRawDataPackage({ ...of, id: packageId, fileIds: [fileId] });
    await spool.fileRawDataFiles([{ ...of, id: randomUUID(), relativePath: 'c', sizeBytes: 1 }]);
    const found = await site.files({ executedObsUnitId });
    expect(found.map((file) => [file.relativePath, file.rawDataPackageId, file.whereabouts])).toEqual([
      ['a', null, 'replica'],
      ['b', packageId, 'waiting'],
      ['c', null, 'waiting'],
    ]);
    expect((await site.files({ rawDataPackageId: packageId })).map(({ id }) => id)).toEqual([fileId]);
    expect(await site.packages({ executedObsUnitId })).toMatchObject([{ id: packageId, fileCount: 1 }]);
  });

  it('refuses a property that the rows do not have', async () => {
    await expect(site.files({ path: 'a' } as never)).rejects.toMatchObject({ code: 'value_invalid' });
  });

  it('keeps a check from calling broken what the spool will put right', async () => {
    const id = await startObservation(dataSource.manager, { obsUnitId, startTime });
    const only = ['settled_executions', 'settled_files'];
    const idsOf = async () =>
      (await checkInvariants(dataSource.manager, { only, limit: 1000, spool })).flatMap(({ rows: broken }) =>
        broken.map((row) => row.id),
      );
    expect(await idsOf()).toContain(id);
    await spool.finishObservation({ id, obsUnitId, endTime });
    expect(await idsOf()).not.toContain(id);
  });
});
