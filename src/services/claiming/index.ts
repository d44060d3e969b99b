export { type Claim, claim, type Failure, fail, heartbeat, releaseStale } from './claim.js';
