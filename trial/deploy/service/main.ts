/** A service that says how many sites there are, and runs until it is stopped. */
import { initCcatOpsDb, Site } from 'ccat-ops-db';

async function main(): Promise<void> {
  const { session, dataSource } = await initCcatOpsDb();
  console.log(await session.count(Site));
  const stay = setInterval(() => {}, 60_000);
  process.once('SIGTERM', async () => {
    clearInterval(stay);
    await dataSource.destroy();
  });
}

void main();
