import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { calls } from '../../bench/link/calls/index.js';
import { prepareSchema } from '../../src/database/prepare-schema.js';
import { createDataSource } from '../../src/datasource.js';
import { describePostgresql } from '../support/databases.js';
import { countingStream, countRoundTrips, type RoundTrips } from '../support/round-trips.js';

describePostgresql('round trips to the server', (database) => {
  let near: DataSource;
  let far: DataSource;
  let trips: RoundTrips;
  beforeAll(async () => {
    const options = await database.create('night');
    near = await database.open(options);
    far = createDataSource(options);
    trips = countRoundTrips(far);
    await far.initialize();
  }, 120_000);
  afterAll(() => far.destroy());

  it('connecting, and looking whether the tables are there: those of the login and 2', async () => {
    const options = await database.create('tables');
    const { host, port, user, password, database: name } = options.settings.postgresql;
    const login = { count: 0 };
    const client = new Client({ host, port, user, password, database: name, stream: countingStream(login) });
    await client.connect();
    const ofLogin = login.count;
    await client.end();

    const dataSource = createDataSource(options);
    const all = countRoundTrips(dataSource);
    await dataSource.initialize();
    await prepareSchema(dataSource, {});
    expect(all.count).toBe(ofLogin + 2);
    await dataSource.destroy();
  });

  it.each(calls)('$name: at most $atMost', async ({ prepare, atMost = Number.POSITIVE_INFINITY }) => {
    const work = await prepare(near.manager);
    // The call before may still be giving its connection back: this one is then given another, logged in already.
    await far.query('SELECT 1');
    trips.count = 0;
    await work(far.manager);
    expect(trips.count).toBeLessThanOrEqual(atMost);
    expect(trips.count).toBeGreaterThan(0);
  });
});
