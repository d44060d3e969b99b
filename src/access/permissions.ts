import type { EntityManager } from 'typeorm';
import { type ApiToken, User } from '../entities/index.js';
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
 * @returns names such as `read:observations`, sorted; none for a user that is inactive or unknown
 */
export async function permissionsOf(manager: EntityManager, { user, apiToken }: Access): Promise<string[]> {
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
 */
export async function isPermitted(
  manager: EntityManager,
  access: Access,
  permission: string,
): Promise<boolean> {
  return (await permissionsOf(manager, access)).includes(permission);
}
