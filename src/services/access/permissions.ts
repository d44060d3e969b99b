import type { EntityManager } from 'typeorm';
import { type ApiToken, User } from '../../entities/index.js';
import { assertList, assertWhole } from '../../values/arguments.js';
import { scopeAllows } from './scopes.js';

/** Who wants to do something, and with which token; what {@link authenticate} returns is one. */
export interface Access {
  /** The user that asks. */
  readonly user: Pick<User, 'id'>;
  /** The token that was used; none for a person who has signed in, whom no scope limits. */
  readonly apiToken?: Pick<ApiToken, 'scopes'>;
}

/**
 * What may be done: the permissions of the user's roles, and of these only those that the token's scopes allow.
 * @throws OpsDbError `value_invalid` when there is no user, or a token that is undefined, null or without scopes
 * @returns names such as `read:observations`, sorted; none for a user that is inactive or unknown
 *
 * @example
 * import { permissionsOf, User } from 'ccat-ops-db';
 *
 * const user = await session.findOneByOrFail(User, { username: 'demo-observer' });
 * console.log(await permissionsOf(session, { user })); // [ 'read:observations', 'write:observations' ]
 *
 * const apiToken = { scopes: ['read:*', 'manage:users'] };
 * console.log(await permissionsOf(session, { user, apiToken })); // [ 'read:observations' ]
 */
export async function permissionsOf(manager: EntityManager, access: Access): Promise<string[]> {
  const { user, apiToken } = access;
  assertWhole('user.id', user?.id, 1);
  // Left out for a person, whom no scope limits: nobody becomes one by a token that was not found.
  if ('apiToken' in access) assertList('apiToken.scopes', apiToken?.scopes);
  const rows = await manager
    .createQueryBuilder(User, 'user')
    .innerJoin('user.roles', 'role')
    .innerJoin('role.permissions', 'permission')
    .select('permission.name', 'name')
    .distinct()
    .where({ id: user.id, active: true })
    .getRawMany<{ name: string }>();
  const names = rows.map(({ name }) => name).sort();
  return apiToken ? names.filter((name) => scopeAllows(apiToken.scopes, name)) : names;
}

/**
 * Whether something may be done; see {@link permissionsOf}.
 * @param permission as `action:resource`; one that no role has is never allowed
 *
 * @example
 * import { isPermitted, User } from 'ccat-ops-db';
 *
 * const user = await session.findOneByOrFail(User, { username: 'demo-observer' });
 * console.log(await isPermitted(session, { user }, 'write:observations')); // true
 *
 * const apiToken = { scopes: ['read:*'] };
 * console.log(await isPermitted(session, { user, apiToken }, 'write:observations')); // false
 */
export async function isPermitted(
  manager: EntityManager,
  access: Access,
  permission: string,
): Promise<boolean> {
  return (await permissionsOf(manager, access)).includes(permission);
}
