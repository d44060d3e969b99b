export { type Archived, completeArchiving, planArchiving } from './archiving.js';
export { type BundlePlan, completeBundle, planBundles } from './bundles.js';
export type { Verified } from './checksums.js';
export { type ComputedChecksum, type NewCopies, type NewCopy, recordCopies } from './copies.js';
export {
  beginDeletions,
  type DeletionBatch,
  type DeletionEnd,
  type DeletionPlan,
  endDeletions,
  releaseStaleDeletions,
  scheduleDeletions,
} from './deletions.js';
export { type GivingUp, giveUpWork } from './give-up.js';
export { type NewId, newUuid } from './new-id.js';
export { type Built, completePackage, waitingPackages } from './packages.js';
export { type PackagePlan, planPackages } from './plan-packages.js';
export { type Retry, retryWork } from './retry.js';
export { completeStaging, releaseStaging, requestStaging, type StagingRequest } from './staging.js';
export {
  completeTransfer,
  completeUnpacking,
  planTransfers,
  type Transferred,
  type Unpacked,
} from './transfers.js';
export { bufferOf, WRITABLE } from './writable-locations.js';
