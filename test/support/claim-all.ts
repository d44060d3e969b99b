import { createDataSource } from '../../src/datasource.js';
import { DataTransferPackage } from '../../src/entities/index.js';
import { claim } from '../../src/services/claiming/index.js';

/** Claims work from a SQLite file until there is none, and prints the keys of the claimed rows. */
async function main([, , database, worker]: string[]): Promise<void> {
  const dataSource = await createDataSource({ database }).initialize();
  const ids: string[] = [];
  for (;;) {
    const claimed = await claim(dataSource.manager, DataTransferPackage, {
      limit: 5,
      worker: worker as string,
    });
    if (claimed.length === 0) break;
    ids.push(...claimed.map(({ id }) => id));
  }
  await dataSource.destroy();
  process.stdout.write(JSON.stringify(ids));
}

main(process.argv).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
