import type { DataSource } from 'typeorm';
import { Permission, Role, User } from '../../../src/entities/index.js';
import { isPermitted, permissionsOf } from '../../../src/services/access/index.js';
import { describeEachDatabase } from '../../support/databases.js';

const ROLES = {
  viewer: ['read:observations'],
  observer: ['read:observations', 'write:observations'],
  admin: ['read:observations', 'write:observations', 'manage:users'],
};

describeEachDatabase('permissions', (database) => {
  let dataSource: DataSource;
  const user = async (username: string) => ({
    user: await dataSource.manager.findOneByOrFail(User, { username }),
  });
  const withScopes = async (username: string, ...scopes: string[]) => ({
    ...(await user(username)),
    apiToken: { scopes },
  });

  beforeAll(async () => {
    dataSource = await database.open();
    const { manager } = dataSource;
    const permissions = await manager.save(
      [...new Set(Object.values(ROLES).flat())].map((name) => manager.create(Permission, { name })),
    );
    const roles = await manager.save(
      Object.entries(ROLES).map(([name, names]) =>
        manager.create(Role, { name, permissions: permissions.filter((it) => names.includes(it.name)) }),
      ),
    );
    const users = { ada: ['viewer', 'observer'], grace: ['admin'], alan: [], left: ['admin'] };
    await manager.save(
      Object.entries(users).map(([username, names]) =>
        manager.create(User, {
          username,
          active: username !== 'left',
          roles: roles.filter(({ name }) => (names as string[]).includes(name)),
        }),
      ),
    );
  });

  it('are those of all roles together, each once', async () => {
    expect(await permissionsOf(dataSource.manager, await user('ada'))).toEqual([
      'read:observations',
      'write:observations',
    ]);
  });

  it('are none without a role, and none for an inactive or unknown user', async () => {
    for (const access of [await user('alan'), await user('left'), { user: { id: 4711 } }])
      expect(await permissionsOf(dataSource.manager, access)).toEqual([]);
  });

  it.each([
    [['*'], ['read:observations', 'write:observations']],
    [['read:*'], ['read:observations']],
    [['*:observations'], ['read:observations', 'write:observations']],
    [['manage:users', 'write:observations'], ['write:observations']],
    [['manage:*'], []],
    [[], []],
  ])('with the scopes %j are those of the roles that the scopes allow', async (scopes, expected) => {
    expect(await permissionsOf(dataSource.manager, await withScopes('ada', ...scopes))).toEqual(expected);
  });

  it.each([
    ['ada', undefined, 'write:observations', true],
    ['ada', undefined, 'manage:users', false],
    ['ada', ['*'], 'manage:users', false],
    ['grace', ['*'], 'manage:users', true],
    ['grace', ['read:*'], 'manage:users', false],
    ['grace', ['read:*'], 'read:observations', true],
    ['grace', undefined, 'manage:*', false],
    ['left', ['*'], 'read:observations', false],
  ])('%s with scopes %j is asked for %s: %s', async (username, scopes, permission, expected) => {
    const access = scopes ? await withScopes(username, ...scopes) : await user(username);
    expect(await isPermitted(dataSource.manager, access, permission)).toBe(expected);
  });

  it('are read in one query', async () => {
    const access = await withScopes('ada', '*');
    const runner = dataSource.createQueryRunner();
    const query = jest.spyOn(runner, 'query');
    await isPermitted(runner.manager, access, 'write:observations');
    expect(query).toHaveBeenCalledTimes(1);
    await runner.release();
  });
});
