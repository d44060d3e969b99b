import type { EntityManager } from 'typeorm';
import { createDataSource, initCcatOpsDb, type OpsDb, withDbSession } from '../../../src/datasource.js';
import { RawDataFile, Site } from '../../../src/entities/index.js';
import { fileRawDataFiles } from '../../../src/services/filing/index.js';
import type { Settings } from '../../../src/settings/index.js';
import { describePostgresql } from '../../support/databases.js';
import { type OneOfEach, oneOfEach } from '../../support/one-of-each.js';
import { type Piece, SwallowingProxy } from '../../support/swallowing-proxy.js';
import { newFile } from './filing.js';

/** Enough for a login on a machine that is busy. */
const LIMIT_MS = 800;

const everything = () => true;
const nothing = () => false;
const commit = ({ from, text }: Piece) => from === 'client' && /\bCOMMIT\b/.test(text);
const answerToCommit = ({ from, text }: Piece) => from === 'server' && /\bCOMMIT\b/.test(text);

describePostgresql('a server that goes without a word', (database) => {
  let proxy: SwallowingProxy;
  let db: OpsDb;
  let rows: OneOfEach;
  const throughProxy = (more: Partial<Settings['postgresql']> = {}) => {
    const { settings } = database.options;
    const way = { host: '127.0.0.1', port: proxy.port, connectTimeoutMs: LIMIT_MS, poolSize: 2 };
    return { settings: { ...settings, postgresql: { ...settings.postgresql, ...way, ...more } } };
  };
  beforeAll(async () => {
    const { host, port } = database.options.settings.postgresql;
    proxy = await SwallowingProxy.start({ host, port });
    rows = await oneOfEach((await database.open()).manager);
  });
  beforeEach(async () => {
    proxy.swallows = nothing;
    db = await initCcatOpsDb(throughProxy());
  });
  afterEach(() => db?.dataSource.destroy());
  afterAll(() => proxy.stop());

  const addSite = (shortName: string) => (manager: EntityManager) =>
    manager.insert(Site, { name: shortName, shortName });
  const found = async (shortName: string) => {
    const direct = await database.open();
    return direct.manager.countBy(Site, { shortName });
  };
  const once = (swallows: SwallowingProxy['swallows']) => (piece: Piece) => {
    const isSwallowed = swallows(piece);
    if (isSwallowed) proxy.swallows = nothing;
    return isSwallowed;
  };

  it('is not reached when it accepts a connection and never answers', async () => {
    proxy.swallows = everything;
    await expect(createDataSource(throughProxy()).initialize()).rejects.toMatchObject({
      code: 'database_unreachable',
      message: expect.stringContaining('does not answer in time'),
    });
  });

  it('is lost with a statement', async () => {
    proxy.swallows = everything;
    await expect(db.write.query('SELECT 1')).rejects.toMatchObject({
      code: 'connection_lost',
      outcome: 'unknown',
      message: expect.stringContaining(`silent for more than ${LIMIT_MS} ms, and cannot be reached`),
    });
  });

  it('is lost within a transaction, which is rolled back', async () => {
    const work = async (manager: EntityManager) => {
      await addSite('a')(manager);
      proxy.swallows = once(everything);
      await addSite('b')(manager);
    };
    await expect(withDbSession(work, { dataSource: db.write })).rejects.toMatchObject({
      code: 'connection_lost',
      outcome: 'rolled_back',
    });
    expect(await found('a')).toBe(0);
  });

  it.each([
    ['COMMIT', commit, 0],
    ['the answer to COMMIT', answerToCommit, 1],
  ])('is lost when the link swallows %s, though others get through', async (_, swallows, count) => {
    const shortName = `c${count}`;
    const work = async (manager: EntityManager) => {
      await addSite(shortName)(manager);
      proxy.swallows = once(swallows);
    };
    await expect(withDbSession(work, { dataSource: db.write, retry: {} })).rejects.toMatchObject({
      code: 'connection_lost',
      outcome: 'unknown',
      message: expect.stringContaining('it waits for the client'),
    });
    expect(await found(shortName)).toBe(count);
  });

  it.each([
    ['COMMIT', commit],
    ['the answer to COMMIT', answerToCommit],
  ])('files once, again after the link has swallowed %s', async (_, swallows) => {
    const file = newFile(rows);
    proxy.swallows = once(swallows);
    await withDbSession((manager) => fileRawDataFiles(manager, [file]), {
      dataSource: db.write,
      retry: { idempotent: true },
    });
    const direct = await database.open();
    expect(await direct.manager.countBy(RawDataFile, { id: file.id })).toBe(1);
  });

  it('is lost when it has closed the session, and the link has swallowed that', async () => {
    proxy.swallows = once(({ from }) => from === 'server');
    await expect(db.write.query('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
      code: 'connection_lost',
      outcome: 'unknown',
      message: expect.stringContaining('it has closed the connection'),
    });
  });

  it('is waited for while it works, for as long as it takes', async () => {
    expect(await db.write.query(`SELECT 'done' AS is FROM pg_sleep(${(2.5 * LIMIT_MS) / 1000})`)).toEqual([
      { is: 'done' },
    ]);
  });

  it('is left out of a list of servers, and the next one is used', async () => {
    const { host, port } = database.options.settings.postgresql;
    const other = await SwallowingProxy.start({ host, port });
    const listed = await createDataSource(
      throughProxy({ otherHosts: [`127.0.0.1:${other.port}`], checkIntervalMs: 60_000 }),
    ).initialize();
    try {
      await listed.query('SELECT 1');
      proxy.swallows = everything;
      await withDbSession(addSite('d'), { dataSource: listed, retry: { idempotent: true } });
      expect(await found('d')).toBe(1);
    } finally {
      await listed.destroy();
      await other.stop();
    }
  });
});
