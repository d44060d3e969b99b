import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { getDatabaseUrl } from '../../src/database-url.js';
import { ApiToken } from '../../src/entities/access/api-token.js';
import { User } from '../../src/entities/access/user.js';
import { describeEachDatabase, describeSqlite } from '../support/databases.js';

const run = promisify(execFile);
const support = (script: string) => path.join(__dirname, '..', 'support', script);

describeEachDatabase('several processes', (database) => {
  it('create the tables of one empty database at once', async () => {
    const options = await database.create('empty');
    const processes = Array.from({ length: 4 }, () =>
      run(process.execPath, [support('initialise.js'), getDatabaseUrl(options)]),
    );
    const changesLeft = (await Promise.all(processes)).map(({ stdout }) => stdout);
    expect(changesLeft).toEqual(['0', '0', '0', '0']);
  }, 60_000);
});

describeSqlite('several processes', (database) => {
  it('lose none of 4 times 300 transactions that read and then write', async () => {
    const { manager } = await database.open();
    const user = await manager.save(manager.create(User, { username: 'counter' }));
    await manager.insert(ApiToken, {
      id: 1,
      userId: user.id,
      name: 'counted',
      scopes: [],
      tokenHash: '0'.repeat(64),
      tokenPrefix: '01234567',
    });
    const file = database.options.settings.sqlite.database;
    await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, [support('add-one-often.js'), file, '300'])),
    );
    expect(await manager.findOneBy(ApiToken, { id: 1 })).toMatchObject({ usageCount: 1200 });
  }, 60_000);
});
