/** A service on this package that reads one row. */
import { createDataSource, Observatory } from 'ccat-ops-db';

const [, , database = ''] = process.argv;

async function main(): Promise<void> {
  const dataSource = createDataSource({ database });
  await dataSource.initialize();
  console.log(await dataSource.manager.findOneOrFail(Observatory, { where: {} }));
  await dataSource.destroy();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
