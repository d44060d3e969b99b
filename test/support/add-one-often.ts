/** A process that counts up the usage of a row, one transaction for each; run by a test several times at once. */
import { initCcatOpsDb } from '../../src/datasource.js';
import { ApiToken } from '../../src/entities/access/api-token.js';
import { loadSettings } from '../../src/settings/index.js';

async function main([database, times]: string[]): Promise<void> {
  const settings = loadSettings({ env: {}, warn: () => {} });
  const { dataSource } = await initCcatOpsDb({ database, settings });
  for (let count = 0; count < Number(times); count++)
    await dataSource.transaction(async (manager) => {
      const token = await manager.findOneByOrFail(ApiToken, { id: 1 });
      await manager.update(ApiToken, { id: 1 }, { usageCount: token.usageCount + 1 });
    });
  await dataSource.destroy();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
