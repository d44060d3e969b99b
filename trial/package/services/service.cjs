/** As service.mjs, for CommonJS. */
const { initCcatOpsDb, ObsUnit, Site, withDbSession } = require('ccat-ops-db');
const { make } = require('ccat-ops-db/testing');

async function main() {
  const { session, dataSource } = await initCcatOpsDb();
  const before = await session.count(Site);
  await withDbSession((manager) => make(manager, Site), { dataSource });
  const [unit] = await session.find(ObsUnit, {
    relations: { source: true, observingProgram: true },
    take: 1,
  });
  console.log((await session.count(Site)) - before, unit.source.name, unit.observingProgram.shortName);
  await dataSource.destroy();
}

void main();
