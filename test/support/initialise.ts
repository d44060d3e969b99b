/** A process that initialises a database and reports how many tables it sees; run by a test several times at once. */
import { initCcatOpsDb } from '../../src/datasource.js';
import { loadSettings } from '../../src/settings/index.js';

async function main([database]: string[]): Promise<void> {
  const settings = loadSettings({ env: {}, warn: () => {} });
  const { dataSource } = await initCcatOpsDb({ database, settings });
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  process.stdout.write(String(upQueries.length));
  await dataSource.destroy();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
