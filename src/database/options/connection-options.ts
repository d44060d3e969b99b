import type { Handle } from '../connection-loss.js';

/** Options of a connection that are no settings. */
export interface ConnectionOptions {
  /** Keeps no connection open: each operation opens and closes its own. No effect on SQLite. */
  readonly nullPool?: boolean;
  /** The certificate of the authority for `verify-full`, as PEM text; those that Node trusts where left out. */
  readonly certificateAuthority?: string;
  /** `read` leads to the replicas of the settings, where there are any, and takes no writes; by default `write`. */
  readonly role?: Handle['role'];
}
