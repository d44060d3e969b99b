export { type ReplicationLag, replicationLag } from './lag.js';
export { currentLsn, formatLsn, parseLsn, replayLsn, type WaitOptions, waitForLsn } from './lsn.js';
export { type ReadAfterOptions, withReadAfter } from './read-after.js';
export { isReplica } from './replica.js';
export { isRetryable, type RetryOptions } from './retry.js';
