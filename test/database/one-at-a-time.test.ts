import { initCcatOpsDb } from '../../src/datasource.js';
import { RawDataPackage } from '../../src/entities/index.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { planPackages } from '../../src/services/transfer/index.js';
import { describePostgresql } from '../support/databases.js';
import { oneOfEach } from '../support/one-of-each.js';

describePostgresql('three programs at once', (database) => {
  it('fill an empty database once', async () => {
    const options = await database.create('empty');
    const added = await Promise.all(
      [1, 2, 3].map(async () => {
        const { dataSource, session } = await initCcatOpsDb(options);
        const results = await writeSeedData(session, readSeedData(dataSource));
        await dataSource.destroy();
        return results.reduce((sum, result) => sum + result.added, 0);
      }),
    );
    const [none, same, all] = added.sort((a, b) => a - b);
    expect([none, same]).toEqual([0, 0]);
    expect(all).toBeGreaterThan(100);
  }, 120_000);

  it('plan each package once', async () => {
    const dataSource = await database.open(await database.create('tables'));
    await oneOfEach(dataSource.manager);
    await dataSource.query('UPDATE raw_data_file SET raw_data_package_id = NULL');
    await dataSource.query(`UPDATE executed_obs_unit SET status = 'completed', end_time = start_time`);
    const before = await dataSource.manager.count(RawDataPackage);
    const planned = await Promise.all([1, 2, 3].map(() => planPackages(dataSource.manager)));
    expect(planned.map(({ length }) => length).sort()).toEqual([0, 0, 1]);
    expect(await dataSource.manager.count(RawDataPackage)).toBe(before + 1);
  });
});
