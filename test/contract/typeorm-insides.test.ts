/** What this package uses of TypeORM and the drivers that they do not promise: an upgrade that changes it fails here. */
import { once } from 'node:events';
import { type DataSource, In, DataSource as TypeOrmDataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { ConnectionLostError } from '../../src/database/connection-loss.js';
import { migrate, schemaDrift, schemaRevision } from '../../src/database/migration-engine/index.js';
import { ownTables } from '../../src/database/own-tables.js';
import { ModelDataSource } from '../../src/database/typeorm/model-data-source.js';
import { createDataSource, dataSourceOptions, initCcatOpsDb } from '../../src/datasource.js';
import { Site } from '../../src/entities/location/site.js';
import { selectedColumns } from '../../src/services/reading/hydrator.js';
import { ObsCore } from '../../src/views/index.js';
import { describeEachDatabase, describePostgresql, describeSqlite } from '../support/databases.js';

describeEachDatabase('TypeORM', (database) => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await database.open();
  });

  it('selects the columns of an entity in the order in which its rows are read', () => {
    for (const metadata of ownTables(dataSource)) {
      if (metadata.tableType === 'junction') continue;
      const text = dataSource.createQueryBuilder().select('it').from(metadata.target, 'it').getQuery();
      const selected = [...text.matchAll(/"it"\."(\w+)" AS /g)].map(([, name]) => name);
      expect(selected).toEqual(selectedColumns(metadata).map(({ databaseName }) => databaseName));
    }
  });

  it('leaves isTransactionActive to the accessor of the runner, and asks it before it begins a transaction', async () => {
    const runner = dataSource.createQueryRunner();
    expect(Object.hasOwn(runner, 'isTransactionActive')).toBe(false);
    expect(runner.isTransactionActive).toBe(false);
    await runner.startTransaction();
    expect(runner.isTransactionActive).toBe(true);
    const begin = jest.spyOn(runner, 'startTransaction');
    await runner.manager.save(Site, { name: 'saved', shortName: 'saved' });
    expect(begin).not.toHaveBeenCalled();
    await runner.rollbackTransaction();
    expect(runner.isTransactionActive).toBe(false);
    await runner.release();
    expect(await dataSource.manager.count(Site)).toBe(0);
  });

  it('builds what it knows of the entities by `buildMetadatas`, and indexes by `indices`', () => {
    const junctions = dataSource.entityMetadatas.filter(({ tableType }) => tableType === 'junction');
    expect(junctions.length).toBeGreaterThan(0);
    for (const { comment, indices } of junctions) {
      expect(comment).toMatch(/^Which \w+ belongs to which \w+\.$/);
      expect(indices).toHaveLength(1);
    }
  });

  it('writes conditions by `buildWhere`, and keeps the value of an operator in `_value`', async () => {
    const refused = { code: 'value_invalid' };
    await expect(dataSource.manager.findBy(Site, { id: 'cologne' as never })).rejects.toMatchObject(refused);
    await expect(dataSource.manager.findBy(Site, { id: In(['cologne']) })).rejects.toMatchObject(refused);
  });

  it('writes values by `preparePersistentValue`', async () => {
    const saved = dataSource.manager.save(Site, { name: '\ud800', shortName: 'half' });
    await expect(saved).rejects.toMatchObject({ code: 'value_invalid' });
  });

  it('takes its steps to a schema as this package overrides them', async () => {
    const options = await database.create('empty');
    const { write: first } = await initCcatOpsDb(options);
    expect(await first.manager.count(ObsCore)).toBe(0);
    expect(await schemaRevision(first)).toMatchObject({ relation: 'same' });
    expect(await schemaDrift(first)).toEqual([]);
    const { createdAt } = await first.manager.save(Site, { name: 'first', shortName: 'first' });
    expect(await first.manager.countBy(Site, { createdAt })).toBe(1);
    await first.query('ALTER TABLE site ADD COLUMN note text');
    await first.query('DROP TABLE time_correction');
    await first.destroy();
    const { write: second } = await initCcatOpsDb(options);
    expect(await second.query('SELECT note FROM site')).toEqual([{ note: null }]);
    await second.destroy();
  });

  it('gives the data source to the provider of its cache while it is built', () => {
    const built = new TypeOrmDataSource(dataSourceOptions(database.options.settings));
    expect(built).toBeInstanceOf(ModelDataSource);
    expect(built.createQueryRunner().manager).toBeInstanceOf(built.manager.constructor);
    expect(built.queryResultCache).toBeUndefined();
  });
});

describeSqlite('TypeORM', (database) => {
  it('keeps prepared statements where all runners find them', async () => {
    const { manager } = await database.open();
    await manager.query('SELECT 1 AS one');
    const runner = manager.dataSource.createQueryRunner() as never as { stmtCache: Map<string, unknown> };
    expect(runner.stmtCache.has('SELECT 1 AS one')).toBe(true);
  });
});

describePostgresql('TypeORM and pg', (database) => {
  it('run and note migrations as `MigrationExecutor` does', async () => {
    const dataSource = await createDataSource(await database.create('empty')).initialize();
    const applied = await migrate(dataSource);
    expect(applied.length).toBe(dataSource.migrations.length);
    expect(await migrate(dataSource)).toEqual([]);
    expect(await schemaRevision(dataSource)).toMatchObject({ relation: 'same' });
    await dataSource.destroy();
  });

  it('take connections through the driver, and let a lost one be noticed', async () => {
    const dataSource = await database.open();
    const driver = dataSource.driver as PostgresDriver;
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    const [{ pid }] = await runner.query('SELECT pg_backend_pid() AS pid');
    expect(driver.connectedQueryRunners).toContain(runner);
    await dataSource.query('SELECT pg_terminate_backend($1)', [pid]);
    const next = runner.query('SELECT 1');
    await expect(next).rejects.toBeInstanceOf(ConnectionLostError);
    await expect(next).rejects.toMatchObject({ outcome: 'rolled_back' });
    await expect(runner.query('SELECT 1')).rejects.toMatchObject({ outcome: 'rolled_back' });
    expect(driver.connectedQueryRunners).not.toContain(runner);
    await runner.release();
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('say whether a connection is busy, and in a transaction', async () => {
    const dataSource = await database.open();
    const runner = dataSource.createQueryRunner();
    const client = await runner.connect();
    expect([client.readyForQuery, client.getTransactionStatus()]).toEqual([true, 'I']);
    const running = client.query('SELECT pg_sleep(0.01)');
    expect(client.readyForQuery).toBe(false);
    await running;
    await client.query('BEGIN');
    expect(client.getTransactionStatus()).toBe('T');
    await client.query('SELECT nothing FROM nowhere').catch(() => undefined);
    // The error may come before the server's word that it is ready again.
    if (!client.readyForQuery) await once(client, 'drain');
    expect(client.getTransactionStatus()).toBe('E');
    await runner.release();
    const reused = await dataSource.query('SELECT now() = statement_timestamp() AS outside');
    expect(reused).toEqual([{ outside: true }]);
  });
});
