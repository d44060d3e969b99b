import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ExecutedObsUnit, ObsUnit } from '../../src/index.js';
import { describeEachDatabase } from '../support/databases.js';

const run = promisify(execFile);
const EXAMPLE = path.join(__dirname, '..', '..', 'examples', 'nestjs-service.js');

// In a process of its own: @nestjs/typeorm is an ES module, which jest does not load from CommonJS.
describeEachDatabase('the example of a NestJS service', (database) => {
  it('reads by its repository, writes in a unit of work, and ends when it is closed', async () => {
    const { settings } = await database.create('seed');
    const { host, port, user, password, database: name } = settings.postgresql;
    const env = {
      CCAT_OPS_DB_DATABASE_TYPE: settings.databaseType,
      CCAT_OPS_DB_DATABASE_SQLITE_DATABASE: settings.sqlite.database,
      CCAT_OPS_DB_DATABASE_POSTGRESQL_HOST: host,
      CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT: String(port),
      CCAT_OPS_DB_DATABASE_POSTGRESQL_USER: user,
      CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD: password,
      CCAT_OPS_DB_DATABASE_POSTGRESQL_DATABASE: name,
    };
    const { stdout } = await run(process.execPath, [EXAMPLE], { env: { ...process.env, ...env } });
    const { manager } = await database.open({ settings });
    const [execution] = await manager.find(ExecutedObsUnit, { relations: { obsUnit: true } });
    const [first] = await manager.find(ObsUnit, { where: { available: true }, order: { name: 'ASC' } });
    expect(execution?.obsUnit?.id).toBe(first?.id);
    expect(stdout).toBe(`${first?.name} ${execution?.id}\n`);
  }, 30_000);
});
