import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Pool } from 'pg';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { subscribe } from '../../src/database/notifications/index.js';
import { describePostgresql } from '../support/databases.js';

describePostgresql('a connection that listens', (database) => {
  it('is ended once, however many ask at the same time that it be made anew', async () => {
    const dataSource = await database.open();
    const pool = (dataSource.driver as PostgresDriver).master as Pool & { Client: typeof Client };
    let ends = 0;
    const Original = pool.Client;
    pool.Client = class extends Original {
      override end(): Promise<void> {
        ends += 1;
        return super.end();
      }
    } as typeof Client;
    const subscription = subscribe(dataSource, 'ccat_ops_db_work', () => {});
    const hears = async (wanted: boolean) => {
      while (subscription.isHearing !== wanted) await sleep(5);
    };
    try {
      await hears(true);
      for (let worker = 0; worker < 20; worker++) subscription.reconnect();
      await hears(false);
      await hears(true);
      // The listener itself closes it as well, whatever has ended it.
      expect(ends).toBe(2);
    } finally {
      subscription.end();
      pool.Client = Original;
    }
  });
});
