import { readFileSync } from 'node:fs';
import initSqlJs, { type Database } from 'sql.js';
import { describeSqlite } from '../support/databases.js';
import { archive } from './holdings.js';

/** What another program on the same computer may have: sql.js 1.8.0 brings SQLite 3.39. */
describeSqlite('a file that an older SQLite reads', (database) => {
  let old: Database;
  const values = (sql: string) => old.exec(sql)[0]?.values;

  beforeAll(async () => {
    const dataSource = await database.open(await database.create('seed'));
    await archive(dataSource.manager, 'Orion-KL/otf/CI10+CO76', 'CHAI/LFA');
    await dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)');
    const [{ file }] = await dataSource.query('PRAGMA database_list');
    const { Database } = await initSqlJs();
    const bytes = readFileSync(file);
    // The two bytes of the header that say write-ahead log, which this reader does not have.
    bytes.fill(1, 18, 20);
    old = new Database(bytes);
  });
  afterAll(() => old.close());

  it('is read by SQLite 3.39', () => {
    expect(values('SELECT sqlite_version()')).toEqual([['3.39.3']]);
  });

  it('has the times of the ObsCore view', () => {
    expect(values('SELECT t_min, round(t_max, 6), t_exptime FROM obscore')).toEqual([
      [61368.125, 61368.13195, 600.5],
    ]);
  });

  it('has every view', () => {
    const names = values(`SELECT name FROM sqlite_master WHERE type = 'view'`) ?? [];
    expect(names).not.toEqual([]);
    for (const [name] of names) expect(() => old.exec(`SELECT * FROM "${name}"`)).not.toThrow();
  });

  it('has JSON as text', () => {
    expect(values(`SELECT DISTINCT typeof(group_by) FROM reduction_step`)).toEqual([['text']]);
    expect(values(`SELECT DISTINCT json_extract(group_by, '$[0]') FROM reduction_step ORDER BY 1`)).toEqual([
      ['executed_obs_unit'],
      ['source'],
    ]);
  });

  it('takes rows in every table: its checks and defaults are known to SQLite 3.39', () => {
    const tables =
      values(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`) ?? [];
    expect(tables.length).toBeGreaterThan(40);
    for (const [name] of tables) {
      // Refused for what is missing, not for an unknown function.
      const refusal = () => old.exec(`INSERT INTO "${name}" DEFAULT VALUES`);
      let message = '';
      try {
        refusal();
      } catch (error) {
        message = String(error);
      }
      expect({ name, message }).not.toMatchObject({ message: expect.stringContaining('no such function') });
    }
  });
});
