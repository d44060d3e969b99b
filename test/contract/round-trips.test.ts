import type { DataSource } from 'typeorm';
import { calls } from '../../bench/link/calls/index.js';
import { createDataSource } from '../../src/datasource.js';
import { simulate } from '../../src/tools/simulate/index.js';
import { describePostgresql } from '../support/databases.js';
import { countRoundTrips, type RoundTrips } from '../support/round-trips.js';

describePostgresql('round trips to the server', (database) => {
  let near: DataSource;
  let far: DataSource;
  let trips: RoundTrips;
  beforeAll(async () => {
    const options = await database.create('seed');
    await simulate(options, { firstNight: '2026-11-30', nights: 1, rate: 4, seed: '1' });
    near = await database.open(options);
    far = createDataSource(options);
    trips = countRoundTrips(far);
    await far.initialize();
  }, 120_000);
  afterAll(() => far.destroy());

  it.each(calls)('$name: at most $atMost', async ({ prepare, atMost = Number.POSITIVE_INFINITY }) => {
    const work = await prepare(near.manager);
    trips.count = 0;
    await work(far.manager);
    expect(trips.count).toBeLessThanOrEqual(atMost);
    expect(trips.count).toBeGreaterThan(0);
  });
});
