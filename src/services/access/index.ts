export { type Authenticated, authenticate, type Use } from './authenticate.js';
export { type Access, isPermitted, permissionsOf } from './permissions.js';
export { isScope, scopeAllows } from './scopes.js';
export {
  type CreatedApiToken,
  createApiToken,
  hashToken,
  type NewApiToken,
  revokeApiToken,
} from './tokens.js';
