import type { DataSource } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { forgetSharedRunner } from '../../database/read-runner.js';
import type { UnitRunner } from '../../database/typeorm/unit-runner.js';
import { OpsDbError } from '../../errors.js';

const busy = new WeakSet<DataSource>();

/**
 * Undoes everything that is done on a data source: transactions of the code under test become savepoints of one
 * transaction, which is rolled back in the end. A statement that fails leaves the others as they are. Other connections
 * do not see the rows; what waits for commits (`changes`, notifications) is not woken.
 * @param dataSource connected, and not in use
 * @returns a function that rolls everything back and restores the data source
 * @throws OpsDbError `argument_invalid` where something is to be undone on the data source already
 *
 * @example
 * import { initCcatOpsDb, Site } from 'ccat-ops-db';
 * import { undoable } from 'ccat-ops-db/testing';
 *
 * const { dataSource, session } = await initCcatOpsDb();
 * const undo = await undoable(dataSource); // beforeEach
 * await session.save(Site, { name: 'Bonn', shortName: 'bonn' });
 * console.log(await session.countBy(Site, { shortName: 'bonn' })); // 1
 * await undo(); // afterEach
 * console.log(await session.countBy(Site, { shortName: 'bonn' })); // 0
 * await dataSource.destroy();
 */
export async function undoable(dataSource: DataSource): Promise<() => Promise<void>> {
  if (busy.has(dataSource))
    throw new OpsDbError(
      'argument_invalid',
      'the data source is undoable already: call what the first undoable() has returned before the next',
    );
  const { driver } = dataSource;
  const { createQueryRunner } = driver;
  const runner = dataSource.createQueryRunner() as UnitRunner;
  await runner.transactions.startByHand({ standsForConnection: true });
  const shareAnew = () => {
    if (!dialectOf(dataSource).hasServer) forgetSharedRunner(dataSource);
  };
  busy.add(dataSource);
  driver.createQueryRunner = () => runner.beside();
  shareAnew();
  return async () => {
    driver.createQueryRunner = createQueryRunner;
    shareAnew();
    busy.delete(dataSource);
    await runner.release();
  };
}
