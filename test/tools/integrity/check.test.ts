import type { DataSource } from 'typeorm';
import { dialectOf } from '../../../src/database/dialect.js';
import { entities, Site } from '../../../src/entities/index.js';
import { Work } from '../../../src/entities/work.js';
import { lifecycleOf } from '../../../src/lifecycle/index.js';
import { checkInvariants, invariants } from '../../../src/tools/integrity/index.js';
import { withReaders } from '../../../src/tools/integrity/long-reads.js';
import { WORK_TABLES } from '../../../src/tools/integrity/sql.js';
import { make } from '../../../src/tools/testing/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { type Damage, damages } from './damages.js';

class Undo extends Error {}

describeEachDatabase('the check', (database) => {
  let dataSource: DataSource;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('night'));
  });

  /** What one invariant finds after a damage, which is undone. */
  async function brokenBy(damage: Damage, only: string) {
    const found: { id?: string | number; result?: Awaited<ReturnType<typeof checkInvariants>>[number] } = {};
    const damaged = dataSource.transaction(async (manager) => {
      found.id = await damage(manager);
      [found.result] = await checkInvariants(manager, { settled: true, limit: 100_000, only: [only] });
      throw new Undo();
    });
    await expect(damaged).rejects.toThrow(Undo);
    return found;
  }

  it('finds nothing in a database that has settled', async () => {
    const results = await checkInvariants(dataSource.manager, { settled: true, silentForS: 0 });
    expect(results.filter(({ broken }) => broken > 0)).toEqual([]);
    expect(results).toHaveLength(invariants.length);
  });

  it('only reads', async () => {
    const { queryRunner } = dataSource.createQueryRunner().manager;
    if (!queryRunner) throw new Error('no query runner');
    const isPostgresql = dataSource.options.type === 'postgres';
    const readOnly = isPostgresql
      ? 'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY'
      : 'PRAGMA query_only = ON';
    const again = isPostgresql
      ? 'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE'
      : 'PRAGMA query_only = OFF';
    await queryRunner.query(readOnly);
    try {
      const results = await checkInvariants(queryRunner.manager, { settled: true });
      expect(results).toHaveLength(invariants.length);
      await expect(queryRunner.query(`DELETE FROM raw_data_file`)).rejects.toThrow(/read-?only/);
    } finally {
      await queryRunner.query(again);
      await queryRunner.release();
    }
  });

  it('checks with several transactions that see one moment', async () => {
    const isPostgresql = database.type === 'postgresql';
    const count = await dataSource.manager.count(Site);
    const { sites, results } = await dataSource.transaction(
      dialectOf(dataSource).snapshotIsolation,
      async (manager) => {
        await manager.count(Site);
        // SQLite would wait for the end of the transaction.
        const later = isPostgresql ? await make(dataSource.manager, Site) : undefined;
        return withReaders(manager, async (readers) => {
          const counts = [];
          for (const reader of readers) counts.push(await reader.count(Site));
          if (later) await dataSource.manager.remove(later);
          return { sites: counts, results: await checkInvariants(manager, { settled: true, readers }) };
        });
      },
    );
    expect(sites).toEqual(isPostgresql ? [count, count] : [count]);
    expect(results.map(({ name }) => name)).toEqual(invariants.map(({ name }) => name));
  });

  it('is tested with damage to every invariant', () => {
    const broken = Object.keys(damages).map((kind) => kind.split(':')[0]);
    expect([...new Set(broken)]).toEqual(invariants.map(({ name }) => name));
  });

  it.each(Object.keys(damages))('tells the rows that break %s', async (kind) => {
    const [name = ''] = kind.split(':');
    const { id, result } = await brokenBy(damages[kind] as Damage, name);
    expect(result?.name).toBe(name);
    expect(result?.rows.map((row) => row.id)).toContain(id);
    expect(result?.broken).toBe(result?.rows.length);
  });

  it('limits the rows that it tells and counts the others', async () => {
    const whole = await dataSource.transaction(async (manager) => {
      await manager.query('UPDATE raw_data_package SET size_bytes = 1');
      const [result] = await checkInvariants(manager, { only: ['package_holds_its_bytes'], limit: 2 });
      await manager.query('UPDATE raw_data_package SET size_bytes = 1000000000000000');
      return result;
    });
    expect(whole?.rows).toHaveLength(2);
    expect(whole?.broken).toBeGreaterThan(2);
  });

  it('does not ask a database at work whether it has settled', async () => {
    const results = await checkInvariants(dataSource.manager);
    expect(results.map(({ name }) => name)).not.toContain('settled_work');
  });

  it('says which invariants there are when asked for another', async () => {
    const checked = checkInvariants(dataSource.manager, { only: ['file_is_lost'] });
    await expect(checked).rejects.toThrow(/no invariant file_is_lost; there are: file_is_kept, /);
  });

  it('leaves out invariants that were not asked for', async () => {
    const results = await checkInvariants(dataSource.manager, { only: ['file_is_kept'] });
    expect(results.map(({ name }) => name)).toEqual(['file_is_kept']);
  });

  it('knows every table of work with the statuses in which a worker has a row', () => {
    const worked = entities.filter((entity) => entity.prototype instanceof Work);
    const tables = worked.map((entity) => {
      const { transitions } = lifecycleOf(entity);
      const inHand = Object.keys(transitions).filter(
        (status) => status !== 'pending' && transitions[status]?.includes('failed'),
      );
      return [dataSource.getMetadata(entity).tableName, inHand];
    });
    expect(WORK_TABLES).toEqual(Object.fromEntries(tables));
  });
});
