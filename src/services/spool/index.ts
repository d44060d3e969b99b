export type { CallName } from './calls.js';
export type { Forwarded, ForwardOptions } from './forward.js';
export type { SpoolLimits } from './limits.js';
export type { Forwarder } from './lock.js';
export { type SiteReader, type SiteRow, type SiteWhere, type Whereabouts, withSpool } from './site.js';
export {
  type Noted,
  openSpool,
  type Spool,
  type SpooledCall,
  type SpoolListOptions,
  type SpoolOptions,
  type SpoolStatus,
} from './spool.js';
export { CallState, type StoredCall, type Totals } from './store.js';
