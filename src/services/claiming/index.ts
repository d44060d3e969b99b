export { type Claim, claim } from './claim.js';
export type { Workable } from './handling.js';
export { heartbeat } from './heartbeat.js';
export { type Failure, fail, releaseStale } from './release.js';
