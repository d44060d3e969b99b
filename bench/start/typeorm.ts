/** A service on TypeORM alone, with the entities of this package, that reads one row. */
import { DataSource } from 'typeorm';
import { OpsDbNaming } from '../../src/database/naming.js';
import { entities, Observatory } from '../../src/entities/index.js';

const [, , database = ''] = process.argv;

async function main(): Promise<void> {
  const dataSource = new DataSource({
    ...(database.startsWith('postgresql:')
      ? { type: 'postgres', url: database, installExtensions: false }
      : { type: 'better-sqlite3', database }),
    entities: [...entities],
    namingStrategy: new OpsDbNaming(),
  });
  // The model has indexes of JSON, a type that TypeORM refuses on SQLite.
  if (dataSource.options.type === 'better-sqlite3')
    Object.assign(dataSource.driver, { supportedIndexTypes: ['gin'] });
  await dataSource.initialize();
  console.log(await dataSource.manager.findOneOrFail(Observatory, { where: {} }));
  await dataSource.destroy();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
