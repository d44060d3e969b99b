import type { DataSource } from 'typeorm';
import { migrate, revertLast, schemaRevision, stamp } from '../../../src/database/migration-engine/index.js';
import { createDataSource } from '../../../src/datasource.js';
import { Cluster, until } from '../../services/replication/cluster.js';

describe('migrations on a replica', () => {
  let cluster: Cluster;
  let primary: DataSource;
  let replica: DataSource;

  beforeAll(async () => {
    cluster = await Cluster.start(1);
    primary = await createDataSource(cluster.options()).initialize();
    replica = await createDataSource(cluster.options({ server: 1 })).initialize();
  }, 60_000);
  afterAll(async () => {
    for (const dataSource of [primary, replica]) await dataSource?.destroy();
    await cluster?.end();
  }, 60_000);

  it('are refused before and after those of the primary have arrived there, with a hint at the primary', async () => {
    const refused = {
      code: 'migration_refused',
      message: expect.stringMatching(/read-only replica.*database_postgresql_host/),
    };
    await expect(migrate(replica)).rejects.toMatchObject(refused);
    const relation = async () => (await schemaRevision(replica)).relation;
    expect(await relation()).toBe('empty');
    await migrate(primary);
    await until(async () => (await relation()) === 'same');
    await expect(migrate(replica)).rejects.toMatchObject(refused);
    await expect(revertLast(replica)).rejects.toMatchObject(refused);
    await expect(stamp(replica)).rejects.toMatchObject({ code: 'database_read_only' });
  }, 60_000);
});
