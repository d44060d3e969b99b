/** Reads and writes, and says what it found. */
import { initCcatOpsDb, ObsUnit, Site, withDbSession } from 'ccat-ops-db';
import { make } from 'ccat-ops-db/testing';

const { session, dataSource } = await initCcatOpsDb();
const before = await session.count(Site);
await withDbSession((manager) => make(manager, Site), { dataSource });
const [unit] = await session.find(ObsUnit, { relations: { source: true, observingProgram: true }, take: 1 });
console.log((await session.count(Site)) - before, unit.source.name, unit.observingProgram.shortName);
await dataSource.destroy();
