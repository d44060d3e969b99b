import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { DataSource, EntityManager } from 'typeorm';
import {
  type PhysicalCopy,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
} from '../../../src/entities/index.js';
import { recordCopies } from '../../../src/services/transfer/index.js';
import { type ReconcileOptions, reconcile } from '../../../src/tools/reconcile/index.js';
import { undoable } from '../../../src/tools/testing/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { build, locationId, observe, openWithoutRetention, sha256 } from '../../support/observed.js';

const BYTES = 5_033_164_800;

function* endless(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(1000);
}

describeEachDatabase('reconciling a storage', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let undo: () => Promise<void>;
  let dataLocationId: number;
  let packageId: string;
  let paths: string[];

  /** Three files of a package that an archive has. */
  beforeAll(async () => {
    dataSource = await openWithoutRetention(database);
    manager = dataSource.manager;
    const observed = await observe(manager, 3);
    packageId = observed.packageId;
    dataLocationId = observed.sourceLocationId;
    const computed = { checksum: await build(manager, packageId), checksumAlgorithm: 'sha256' as const };
    await manager.update(RawDataPackage, packageId, { state: 'archived' });
    const lta = await locationId(manager, 'cologne', 'lta');
    const copies = [{ of: packageId, computed }];
    await recordCopies(manager, RawDataPackagePhysicalCopy, { dataLocationId: lta, copies, by: 'archiver' });
    const files = await manager.find(RawDataFile, { order: { relativePath: 'ASC' } });
    paths = files.map(({ relativePath }) => relativePath);
  });
  beforeEach(async () => {
    undo = await undoable(dataSource);
  });
  afterEach(() => undo());

  const compare = (listing: string | Buffer, more: Partial<ReconcileOptions> = {}) =>
    reconcile(dataSource, { dataLocationId, listing: Readable.from([Buffer.from(listing)]), ...more });
  const listed = (some: readonly string[]) => some.map((path) => `${path}\t${BYTES}\n`).join('');
  const copyOf = (path: string) =>
    manager.findOneByOrFail(RawDataFilePhysicalCopy, { dataLocationId, rawDataFile: { relativePath: path } });
  const set = async (path: string, to: Partial<PhysicalCopy>) => {
    const { id } = await copyOf(path);
    await manager.update(RawDataFilePhysicalCopy, id, to);
  };

  it('finds nothing where all is as it should be, in whatever form it is listed', async () => {
    const whole = { listed: 3, expected: 3, same: 3 };
    const inventory = paths.map((path) => `"bucket","${encodeURIComponent(path)}","${BYTES}"`).join('\r\n');
    for (const listing of [
      listed(paths),
      gzipSync(listed(paths)),
      listed(paths.map((p) => `./${p}`)),
      inventory,
    ])
      expect(await compare(listing)).toMatchObject({ ...whole, missing: { files: 0 }, dark: { files: 0 } });
  });

  it('passes over old versions and marks of an inventory', async () => {
    const columns = ['Bucket', 'Key', 'IsLatest', 'IsDeleteMarker', 'Size'];
    const line = (path: string, latest: boolean, marker: boolean) =>
      `"bucket","${path}","${latest}","${marker}","${marker ? '' : BYTES}"`;
    const [one = '', two = '', three = ''] = paths;
    const lines = [line(one, true, false), line(two, false, false), line(three, true, true)];
    const { same, missing, dark } = await compare(lines.join('\n'), { columns });
    expect([same, missing.files, dark.files]).toEqual([1, 2, 0]);
  });

  it('tells what is missing, dark and different, each with what to do', async () => {
    const [missing = '', different = '', same = ''] = paths;
    const { id } = await copyOf(missing);
    const result = await compare(`${listed([same])}${different}\t7\nleft/by hand\t5\n`);
    expect(result).toMatchObject({ listed: 3, expected: 3, same: 1 });
    expect(result.missing).toMatchObject({ files: 1, bytes: BYTES, some: [{ path: missing, copyId: id }] });
    expect(result.dark).toMatchObject({ files: 1, bytes: 5, some: [{ path: 'left/by hand' }] });
    expect(result.different).toMatchObject({
      files: 1,
      some: [{ path: different, listedBytes: 7, expectedBytes: BYTES }],
    });
  });

  it('compares checksums where both are known', async () => {
    const [path = '', ...others] = paths;
    const checksum = { checksum: sha256('content'), checksumAlgorithm: 'sha256' } as const;
    await manager.update(RawDataFile, { relativePath: path }, checksum);
    const withChecksum = (sum: string) => compare(`${path}\t${BYTES}\t${sum}\n${listed(others)}`);
    expect((await withChecksum(sha256('content').toUpperCase())).same).toBe(3);
    expect((await withChecksum('1c8a5f03')).same).toBe(3);
    expect((await withChecksum(sha256('damage'))).different.files).toBe(1);
  });

  it('passes over what was changed after the listing was begun', async () => {
    await set(paths[0] as string, { updatedAt: new Date('2026-01-02T00:00:00Z') });
    const { expected } = await compare('', { listedAt: new Date('2026-01-03T00:00:00Z') });
    expect(expected).toBe(1);
  });

  it('notes as deleted what was to be deleted and is gone, and nothing else', async () => {
    const [leaving = '', present = ''] = paths;
    await set(leaving, { status: 'deletion_scheduled' });
    const applied = async (applyAs?: string) => (await compare('', { applyAs })).missing.applied;
    expect(await applied()).toBe(0);
    expect(await applied('operator')).toBe(1);
    expect((await copyOf(leaving)).status).toBe('deleted');
    expect((await copyOf(present)).status).toBe('present');
  });

  it('notes nothing as deleted that may not go', async () => {
    const [leaving = ''] = paths;
    await set(leaving, { status: 'deletion_scheduled' });
    await manager.update(RawDataPackage, packageId, { state: 'transferring' });
    expect((await compare('', { applyAs: 'operator' })).missing.applied).toBe(0);
    expect((await copyOf(leaving)).status).toBe('deletion_scheduled');
  });

  it('reads lines of all forms beside each other, wherever the input is cut', async () => {
    const [one = '', two = '', three = ''] = paths;
    const lines = [`${one}\t0${BYTES}`, '', `"bucket","${two}","${BYTES}"`, `./${three}\t${BYTES}\tABC \r`];
    const bytes = Buffer.from(`${lines.join('\n')}\nüber hand\t5`);
    const cut = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    const { listed, same, dark } = await reconcile(dataSource, {
      dataLocationId,
      listing: Readable.from(cut),
    });
    expect([listed, same, dark.some]).toMatchObject([4, 3, [{ path: 'über hand', listedBytes: 5 }]]);
  });

  it('refuses a line without an end', async () => {
    const listing = Readable.from(endless());
    await expect(reconcile(dataSource, { dataLocationId, listing })).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining('65536 bytes'),
    });
  });

  it.each(['only-a-path', 'path\tmany', '\t5', 'path\t-1', 'path\t'])('refuses the line %j', async (line) => {
    await expect(compare(`${listed(paths)}${line}\n`)).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining('line 4'),
    });
  });
});
