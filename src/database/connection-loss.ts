/** Errors of lost connections, and the guard of the read handle. */
import { OpsDbError } from '../errors.js';

/** The role of a data source and its servers. */
export interface Handle {
  /** `write` connects to the primary, `read` to replicas. */
  readonly role: 'write' | 'read';
  /** Its servers, `host:port`, for messages. */
  readonly servers: string;
  /** Whether connections come from a pooler that assigns one per transaction. */
  readonly isPooled?: boolean;
  /** The schema of the tables, where the settings name one. */
  readonly schema?: string | null;
}

/**
 * The connection to the server was lost in the middle of the work. It may be done again as `outcome` allows.
 *
 * @example
 * import { ConnectionLostError } from 'ccat-ops-db';
 *
 * const wasUndone = (error: unknown) => error instanceof ConnectionLostError && error.outcome === 'rolled_back';
 *
 * const server = { role: 'write', servers: 'db.example.org:5432' } as const;
 * console.log(wasUndone(new ConnectionLostError(server, 'rolled_back', new Error('reset')))); // true
 * console.log(wasUndone(new ConnectionLostError(server, 'unknown', new Error('reset')))); // false
 */
export class ConnectionLostError extends OpsDbError {
  /**
   * `rolled_back`: the work has certainly not been committed; `unknown`: the answer to the commit, or to a statement
   * outside of a transaction, was lost, so that it may have been committed.
   */
  readonly outcome: 'rolled_back' | 'unknown';

  constructor(handle: Handle, outcome: ConnectionLostError['outcome'], cause: Error) {
    const advice =
      outcome === 'rolled_back'
        ? 'nothing of the transaction was committed: do it again, or let withDbSession do so (retry)'
        : 'nobody knows whether it was committed: do it again only if twice does no harm (retry: { idempotent: true }), or look first';
    super(
      'connection_lost',
      `the connection of the ${handleText(handle)} was lost (${cause.message}); ${advice}`,
      { cause },
    );
    this.outcome = outcome;
  }
}

/** The name of a handle, for messages. */
export function handleText({ role, servers }: Handle): string {
  return `${role} handle (${servers})`;
}

/** Whether a server was lost or could not be reached, so that another one may do. */
export function isUnavailable(error: unknown): boolean {
  return (
    error instanceof OpsDbError && (error.code === 'connection_lost' || error.code === 'database_unreachable')
  );
}

type DriverError = Error & { readonly code?: string };

const WRITE =
  /^\s*(?:insert|update|delete|merge|truncate|create|alter|drop|grant|revoke|comment|copy|refresh|reindex|vacuum)\b/i;

/** Refuses a write on the read handle before it is sent. */
export function refuseWrite(handle: Handle, sql: string): void {
  if (handle.role === 'read' && WRITE.test(sql)) throw readOnly(handle, `was not sent: ${beginning(sql)}`);
}

/** Whether an error of the driver means that the connection is unusable. */
export function isLoss({ code = '', message }: DriverError): boolean {
  return (
    /^(?:08|57P|E[A-Z]+$|25P03)/.test(code) ||
    /connection (?:terminated|error)|client was closed/i.test(message)
  );
}

/** The error for a write on a read-only handle or server. */
export function readOnly(handle: Handle, what: string, cause?: unknown): OpsDbError {
  const advice =
    handle.role === 'read'
      ? 'it takes no writes; use the write handle'
      : 'the server is a replica, or the transaction only reads; write to the primary (database_postgresql_host, ' +
        'CCAT_OPS_DB_DATABASE_POSTGRESQL_HOST)';
  return new OpsDbError('database_read_only', `a write on the ${handleText(handle)} ${what}; ${advice}`, {
    cause,
  });
}

function beginning(sql: string): string {
  const text = sql.trim().replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
