import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ConnectionLostError } from '../../../src/database/connection-loss.js';
import { withDbSession } from '../../../src/datasource.js';
import { RawDataFile, Site } from '../../../src/entities/index.js';
import { OpsDbError } from '../../../src/errors.js';
import { fileRawDataFiles } from '../../../src/services/filing/index.js';
import { isRetryable, type RetryOptions } from '../../../src/services/replication/index.js';
import { describePostgresql } from '../../support/databases.js';
import { oneOfEach } from '../../support/one-of-each.js';
import { until } from './cluster.js';
import { newFile } from './filing.js';

const QUICK: RetryOptions = { attempts: 3, minDelayMs: 1, maxDelayMs: 2 };

describe('an error', () => {
  const handle = { role: 'write', servers: 'db:5432' } as const;
  const lost = (outcome: 'rolled_back' | 'unknown') =>
    new ConnectionLostError(handle, outcome, new Error('reset'));

  it.each([
    ['a loss before the commit', lost('rolled_back'), true, true],
    ['a loss during the commit', lost('unknown'), false, true],
    ['a loss below another error', new Error('filing', { cause: lost('unknown') }), false, true],
    ['no server', new OpsDbError('database_unreachable', 'off'), true, true],
    ['no connection', new OpsDbError('database_busy', 'all in use'), true, true],
    ['a serialization failure', Object.assign(new Error(), { code: '40001' }), true, true],
    ['a deadlock', Object.assign(new Error(), { code: '40P01' }), true, true],
    ['a broken rule', Object.assign(new Error(), { code: '23505' }), false, false],
    ['a fault of the caller', new OpsDbError('filing_conflict', 'other content'), false, false],
    ['what is no error', 'no', false, false],
  ])('that is %s', (_, error, once, idempotent) => {
    expect(isRetryable(error)).toBe(once);
    expect(isRetryable(error, { idempotent: true })).toBe(idempotent);
  });
});

describePostgresql('work', (database) => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await database.open();
  });

  let attempts = 0;
  let shortName = '';
  beforeEach(() => {
    attempts = 0;
    shortName = uuidv7().slice(-12);
  });
  const found = () => dataSource.manager.countBy(Site, { shortName });
  const addSite = (manager: EntityManager) => manager.insert(Site, { name: shortName, shortName });
  const failing = (code: string) => `DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`;
  const endSession = `SELECT pg_terminate_backend(pg_backend_pid())`;

  it.each([
    ['a serialization failure', failing('40001')],
    ['a deadlock', failing('40P01')],
    ['a lost connection', endSession],
  ])('is done again after %s', async (_, fault) => {
    const work = async (manager: EntityManager) => {
      await addSite(manager);
      if (attempts++ === 0) await manager.query(fault);
      return attempts;
    };
    expect(await withDbSession(work, { dataSource, retry: QUICK })).toBe(2);
    expect(await found()).toBe(1);
  });

  it('is done again by the one that a real deadlock ends', async () => {
    const names = [`${shortName}a`, `${shortName}b`];
    await dataSource.manager.insert(
      Site,
      names.map((name) => ({ name, shortName: name })),
    );
    let ready = 0;
    const touch = (order: readonly string[]) =>
      withDbSession(
        async (manager) => {
          attempts++;
          const [first, second] = order as [string, string];
          await manager.update(Site, { shortName: first }, { name: first });
          ready++;
          await until(async () => ready >= 2);
          await manager.update(Site, { shortName: second }, { name: second });
        },
        { dataSource, retry: QUICK },
      );
    await Promise.all([touch(names), touch([...names].reverse())]);
    expect(attempts).toBe(3);
  });

  it('is done again by the one that saw what another one changed', async () => {
    await addSite(dataSource.manager);
    const rename = async (manager: EntityManager) => {
      await manager.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      const { name } = await manager.findOneByOrFail(Site, { shortName });
      if (attempts++ === 0) await dataSource.manager.update(Site, { shortName }, { name: `${name} other` });
      await manager.update(Site, { shortName }, { name: `${name} own` });
    };
    await withDbSession(rename, { dataSource, retry: QUICK });
    expect(await dataSource.manager.findOneBy(Site, { shortName })).toMatchObject({
      name: `${shortName} other own`,
    });
  });

  it('is given up after as many attempts as are allowed', async () => {
    const work = async (manager: EntityManager) => {
      attempts++;
      await manager.query(failing('40001'));
    };
    await expect(withDbSession(work, { dataSource, retry: QUICK })).rejects.toMatchObject({ code: '40001' });
    expect(attempts).toBe(3);
  });

  it.each([
    ['without being asked to', undefined, failing('40001')],
    ['after a broken rule', QUICK, failing('23505')],
  ])('is not done again %s', async (_, retry, fault) => {
    const work = async (manager: EntityManager) => {
      attempts++;
      await manager.query(fault);
    };
    await expect(withDbSession(work, { dataSource, retry })).rejects.toThrow('no');
    expect(attempts).toBe(1);
  });

  it('that lost its connection says so, whatever it was about to do', async () => {
    const lost = { code: 'connection_lost', outcome: 'rolled_back', message: /write handle \(.*nothing/ };
    const expected = { ...lost, message: expect.stringMatching(lost.message) };
    const ended = async (manager: EntityManager) => {
      await addSite(manager);
      await manager.query(endSession).catch(() => {});
    };
    const inNested = (manager: EntityManager) => manager.transaction(ended);
    for (const work of [ended, inNested])
      await expect(withDbSession(work, { dataSource })).rejects.toMatchObject(expected);
    expect(await found()).toBe(0);
  });

  it('outside of a transaction may have been done when its connection is lost', async () => {
    await expect(dataSource.query(endSession)).rejects.toMatchObject({
      code: 'connection_lost',
      outcome: 'unknown',
      message: expect.stringContaining('idempotent: true'),
    });
  });

  it('keeps an error of its own when the connection is lost, too', async () => {
    const work = async (manager: EntityManager) => {
      await manager.query(endSession).catch(() => {});
      throw new Error('of its own');
    };
    await expect(withDbSession(work, { dataSource })).rejects.toThrow('of its own');
  });

  it('that writes in bulk is done again, too', async () => {
    const rows = await oneOfEach(dataSource.manager);
    const blocker = dataSource.createQueryRunner();
    await blocker.startTransaction();
    await blocker.query('LOCK TABLE raw_data_file IN EXCLUSIVE MODE');
    const file = newFile(rows);
    const filed = withDbSession(
      (manager) => {
        attempts++;
        return fileRawDataFiles(manager, [file]);
      },
      { dataSource, retry: QUICK },
    );
    const copying = `FROM pg_stat_activity WHERE query LIKE 'COPY%' AND wait_event_type = 'Lock'`;
    await until(async () => (await dataSource.query(`SELECT pid ${copying}`)).length > 0);
    await dataSource.query(`SELECT pg_terminate_backend(pid) ${copying}`);
    await until(async () => attempts === 2);
    await blocker.commitTransaction();
    await blocker.release();
    expect(await filed).toEqual({ added: 1, known: 0 });
    expect(await dataSource.manager.countBy(RawDataFile, { id: file.id })).toBe(1);
  });
});
