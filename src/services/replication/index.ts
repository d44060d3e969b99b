export { isRetryable, type RetryOptions } from '../../database/retry.js';
export { type ReplicationLag, replicationLag } from '../../database/servers/lag.js';
export {
  currentLsn,
  formatLsn,
  parseLsn,
  replayLsn,
  type WaitOptions,
  waitForLsn,
} from '../../database/servers/lsn.js';
export { isReplica } from '../../database/servers/replica.js';
export { type ReadAfterOptions, withReadAfter } from './read-after.js';
