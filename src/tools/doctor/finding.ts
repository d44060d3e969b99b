/** The result of one check. */
export interface Finding {
  /** What was checked. */
  readonly check:
    | 'settings'
    | 'spool'
    | 'connection'
    | 'schema'
    | 'drift'
    | 'replication'
    | 'clock'
    | 'space'
    | 'integrity'
    | 'permissions';
  /** `fail`: a service cannot work like this; `warn`: it can, but somebody should know. */
  readonly status: 'ok' | 'warn' | 'fail';
  /** What was found. */
  readonly found: string;
  /** What to do about it; null where nothing needs to be done. */
  readonly remedy: string | null;
}

type Check = Finding['check'];

export function ok(check: Check, found: string): Finding {
  return { check, status: 'ok', found, remedy: null };
}

export function warn(check: Check, found: string, remedy: string): Finding {
  return { check, status: 'warn', found, remedy };
}

export function fail(check: Check, found: string, remedy: string): Finding {
  return { check, status: 'fail', found, remedy };
}
