import { isScope, scopeAllows } from '../../../src/services/access/index.js';

describe('scopeAllows', () => {
  it.each([
    [['*'], 'write:observations'],
    [['*:*'], 'write:observations'],
    [['write:*'], 'write:observations'],
    [['*:observations'], 'write:observations'],
    [['write:observations'], 'write:observations'],
    [['read:sources', 'write:observations'], 'write:observations'],
    [['read:data-products_v2'], 'read:data-products_v2'],
  ])('%j allows %s', (scopes, permission) => {
    expect(scopeAllows(scopes, permission)).toBe(true);
  });

  it.each([
    [[], 'write:observations'],
    [['read:*'], 'write:observations'],
    [['*:sources'], 'write:observations'],
    [['read:observations', 'write:sources'], 'write:observations'],
    [['write:observation'], 'write:observations'],
    [['write:observations'], 'write:observation'],
    [['WRITE:observations'], 'write:observations'],
  ])('%j does not allow %s', (scopes, permission) => {
    expect(scopeAllows(scopes, permission)).toBe(false);
  });

  it.each(['', 'write', 'write:', ':observations', 'w*:observations', 'write:obs*', '**', ' *', '*\n', '.*'])(
    'a scope %j allows nothing',
    (scope) => {
      expect(scopeAllows([scope], 'write:observations')).toBe(false);
    },
  );

  it.each(['', '*', 'write', 'write:', ':observations', 'write:*', '*:*', 'write:observations:now'])(
    'no scope allows %j, which is no permission',
    (permission) => {
      expect(scopeAllows(['*', '*:*', 'write:*', permission], permission)).toBe(false);
    },
  );
});

describe('isScope', () => {
  it.each(['*', '*:*', 'read:*', '*:observations', 'read:observations', 'read:data-products_v2'])(
    'accepts %s',
    (scope) => {
      expect(isScope(scope)).toBe(true);
    },
  );

  it.each(['', 'read', 'read:', ':observations', 'read:obs*', '**', 'a:b:c', 'read: observations', '*\n'])(
    'rejects %j',
    (scope) => {
      expect(isScope(scope)).toBe(false);
    },
  );
});
