/** A service in one file: it makes a database, writes, reads with a relation, and says the names of the tables. */
import { entities, initCcatOpsDb, ObsUnit, Site, withDbSession } from 'ccat-ops-db';
import { make } from 'ccat-ops-db/testing';

async function main() {
  const { session, dataSource } = await initCcatOpsDb({ databaseType: 'sqlite', database: ':memory:' });
  await withDbSession((manager) => manager.save(Site, { name: 'Bonn', shortName: 'bonn' }), { dataSource });
  await make(session, ObsUnit, { priority: 7 });
  const [unit] = await session.find(ObsUnit, { relations: { source: true } });
  const tables = entities.map((entity) => dataSource.getMetadata(entity).tableName);
  const sites = await session.count(Site);
  console.log(JSON.stringify({ sites, priority: unit.priority, source: unit.source.raDeg, tables }));
  await dataSource.destroy();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
