import { assertList } from '../../values/arguments.js';

/** What a scope looks like, for messages: {@link isScope} says whether a text is one. */
export const SCOPE_GRAMMAR =
  'action:resource, such as read:observations, where * stands for any action or any resource; or * alone for everything';

const SCOPE = /^(?:\*|[\w-]+):(?:\*|[\w-]+)$/;
const PERMISSION = /^[\w-]+:[\w-]+$/;

/**
 * Whether a text can be a scope of a token: `action:resource`, where `*` stands for either part, or `*` alone.
 * @param text what may be a scope
 *
 * @example
 * import { isScope } from 'ccat-ops-db';
 *
 * console.log(isScope('read:observations'), isScope('read:*'), isScope('*')); // true true true
 * console.log(isScope('read'), isScope('read:obs*')); // false false
 */
export function isScope(text: string): boolean {
  return typeof text === 'string' && (text === '*' || SCOPE.test(text));
}

/**
 * Whether a token with these scopes may be used for something.
 * @param scopes of the token; those that are none, see {@link isScope}, allow nothing
 * @param permission what is asked for, as `action:resource` without wildcards; anything else is never allowed
 * @throws OpsDbError `value_invalid` when the scopes are no list
 *
 * @example
 * import { scopeAllows } from 'ccat-ops-db';
 *
 * console.log(scopeAllows(['read:*'], 'read:observations')); // true
 * console.log(scopeAllows(['read:*'], 'write:observations')); // false
 * console.log(scopeAllows(['*'], 'read:*')); // false
 */
export function scopeAllows(scopes: readonly string[], permission: string): boolean {
  assertList('scopes', scopes);
  if (typeof permission !== 'string' || !PERMISSION.test(permission)) return false;
  const [action, resource] = permission.split(':');
  const allowing = ['*', '*:*', `${action}:*`, `*:${resource}`, permission];
  return scopes.some((scope) => allowing.includes(scope));
}
