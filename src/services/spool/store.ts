import { closeSync, fsyncSync, openSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Database, Statement } from 'better-sqlite3';
import { OpsDbError } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';
import { errorOfSurroundings } from '../../surroundings.js';
import type { CallName } from './calls.js';
import { sqliteDriver } from './driver.js';

/**
 * Where a call stands: it waits to be sent; the primary has taken it; the primary has refused it, or it depends on one that
 * was refused, and was set aside; somebody has discarded it.
 */
export const CallState = {
  WAITING: 'waiting',
  TAKEN: 'taken',
  REFUSED: 'refused',
  DISCARDED: 'discarded',
} as const;
export type CallState = (typeof CallState)[keyof typeof CallState];

/** A call as it was written down. */
export interface StoredCall {
  /** Its place in the order of the calls. */
  readonly seq: number;
  /** The function that was called. */
  readonly kind: CallName;
  /** How many rows it files. */
  readonly rows: number;
  /** Where it stands. */
  readonly state: CallState;
  /** When it was noted, by the clock of the writer. */
  readonly notedAt: Date;
  /** When it was taken, set aside or discarded, by the clock of the forwarder; null while it waits. */
  readonly settledAt: Date | null;
  /** By how much the clock of the server was ahead when it was sent [ms]; null: not sent, or no server. */
  readonly clockOffsetMs: number | null;
  /** Code of the error with which it was refused; null where it was not. */
  readonly code: string | null;
  /** Why it was set aside, or why it still waits; null: nothing to say. */
  readonly reason: string | null;
  /** The call on account of which it was set aside; null: on its own. */
  readonly because: number | null;
  /** When it is sent again at the earliest; null: at once. */
  readonly retryAt: Date | null;
  /** When it failed for the first time since it waits; null: it did not. */
  readonly failedAt: Date | null;
}

/** A call that is to be noted. */
export interface CallToNote {
  readonly kind: CallName;
  readonly rows: number;
  /** Its arguments as JSON. */
  readonly payload: string;
}

/** How many calls stand in one state. */
export interface Totals {
  /** The calls. */
  readonly calls: number;
  /** The rows that they file. */
  readonly rows: number;
}

/** `call` is the spool; `aside` has the keys that calls would have made which were set aside. */
const SCHEMA = `
  CREATE TABLE call (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    rows INTEGER NOT NULL,
    noted_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'refused', 'discarded')),
    settled_at INTEGER,
    clock_offset_ms REAL,
    code TEXT,
    reason TEXT,
    because INTEGER,
    retry_at INTEGER,
    failed_at INTEGER,
    payload TEXT NOT NULL -- last, so that the others are read without it
  ) STRICT;
  CREATE INDEX call_waiting ON call (seq) WHERE state = 'waiting';
  CREATE INDEX call_refused ON call (because) WHERE state = 'refused';
  CREATE INDEX call_settled ON call (settled_at) WHERE state IN ('taken', 'discarded');
  CREATE TABLE aside (
    id TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES call (seq) ON DELETE CASCADE,
    PRIMARY KEY (id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX aside_seq ON aside (seq);
  CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Marks the file as a spool: "ccat" in ASCII. */
const APPLICATION_ID = 0x63636174;
const VERSION = 1;
const BUSY_TIMEOUT_MS = 10_000;
const PAGE_BYTES = 4096;
/** A writer copies the log into the file itself only when nobody has done it before: that takes longer than a call may [page]. */
const CHECKPOINT_AT_PAGES = 4000;
/** How often the forwarder copies it [ms]. */
const CHECKPOINT_EVERY_MS = 10_000;

const COLUMNS = `seq, kind, rows, state, noted_at AS notedAt, settled_at AS settledAt, clock_offset_ms AS clockOffsetMs,
  code, reason, because, retry_at AS retryAt, failed_at AS failedAt`;

/** A call with its arguments as JSON. */
export type StoredCallWithPayload = StoredCall & { readonly payload: string };

type Instants = 'notedAt' | 'settledAt' | 'retryAt' | 'failedAt';

/** As the driver gives it: instants are milliseconds since 1970. */
type RawCall = Omit<StoredCallWithPayload, Instants> & {
  readonly notedAt: number;
  readonly settledAt: number | null;
  readonly retryAt: number | null;
  readonly failedAt: number | null;
};

/** How the file is opened. */
export interface StoreOptions {
  readonly path: string;
  /** Whether the file must be there already. */
  readonly mustExist?: boolean;
  /** The file does not grow beyond this [byte]; by default as far as the disk lets it. */
  readonly maxBytes?: number;
}

/** The file of a spool: every method that writes has it on the disk when it returns. */
export class SpoolStore {
  private readonly database: Database;
  private readonly statements = new Map<string, Statement>();
  private checkpointedAt = 0;

  /** @throws OpsDbError when the file cannot be used, or is something else */
  constructor(private readonly options: StoreOptions) {
    const { path: file, mustExist = false } = options;
    this.database = this.guarded('opened', () => {
      const folder = path.dirname(path.resolve(file));
      if (!mustExist) makeFolder(folder);
      const Driver = sqliteDriver();
      const database = new Driver(file, { fileMustExist: mustExist, timeout: BUSY_TIMEOUT_MS });
      try {
        this.prepare(database);
      } catch (error) {
        database.close();
        throw error;
      }
      syncFolder(folder);
      return database;
    });
  }

  private prepare(database: Database): void {
    const { maxBytes, path: file } = this.options;
    database.pragma('journal_mode = WAL');
    // Each commit is on the disk before it returns.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_AT_PAGES}`);
    if (maxBytes !== undefined)
      database.pragma(`max_page_count = ${Math.max(1, Math.floor(maxBytes / PAGE_BYTES))}`);
    const create = database.transaction(() => {
      const version = database.pragma('user_version', { simple: true });
      const isEmpty = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
      if (isEmpty && version === 0) {
        database.exec(SCHEMA);
        database.pragma(`application_id = ${APPLICATION_ID}`);
        database.pragma(`user_version = ${VERSION}`);
        return;
      }
      if (database.pragma('application_id', { simple: true }) !== APPLICATION_ID)
        throw new OpsDbError('file_unusable', `${file} is a database, but no spool: name another file`);
      if (version !== VERSION)
        throw new OpsDbError(
          'schema_mismatch',
          `the spool ${file} is of version ${version}, this package writes version ${VERSION}: use the version of the ` +
            'package that has written it',
        );
    });
    create.immediate();
  }

  close(): void {
    this.database.close();
  }

  /** Notes calls in their order: all of them or none. @returns the place of the last */
  note(calls: readonly CallToNote[]): number {
    return this.transaction('noted', () => {
      let last = 0;
      for (const { kind, rows, payload } of calls) {
        const { lastInsertRowid } = this.statement(
          'INSERT INTO call (kind, rows, payload, noted_at) VALUES (?, ?, ?, ?)',
        ).run(kind, rows, payload, Date.now());
        last = Number(lastInsertRowid);
      }
      return last;
    });
  }

  /** The calls that are to be sent now, in their order, with their arguments. */
  *due(now: number): Generator<StoredCallWithPayload> {
    yield* this.read(
      `SELECT ${COLUMNS}, payload FROM call WHERE state = 'waiting' AND coalesce(retry_at, 0) <= ? ORDER BY seq`,
      now,
    );
  }

  hasDue(now: number): boolean {
    const text =
      "SELECT EXISTS (SELECT 1 FROM call WHERE state = 'waiting' AND coalesce(retry_at, 0) <= ?) AS found";
    return (this.statement(text).get(now) as { found: number }).found === 1;
  }

  /** Calls with their arguments, in their order, without holding the file between two of them. */
  *calls({
    states,
    kinds,
  }: {
    readonly states: readonly CallState[];
    readonly kinds?: readonly CallName[];
  }): Generator<StoredCallWithPayload> {
    const ofKinds = kinds ? `AND kind IN (${listOf(kinds)})` : '';
    const text = `SELECT ${COLUMNS}, payload FROM call WHERE seq > ? AND state IN (${listOf(states)}) ${ofKinds}
      ORDER BY seq LIMIT ${AT_ONCE}`;
    for (let after = 0; ; ) {
      const some = [...this.read(text, after)];
      yield* some;
      if (some.length < AT_ONCE) return;
      after = some.at(-1)?.seq ?? after;
    }
  }

  /** Calls without their arguments, the oldest first. */
  list(given: {
    readonly states: readonly CallState[];
    readonly limit: number;
    readonly after: number;
  }): StoredCall[] {
    const text = `SELECT ${COLUMNS} FROM call WHERE seq > ? AND state IN (${listOf(given.states)}) ORDER BY seq LIMIT ?`;
    return [...this.read(text, given.after, given.limit)];
  }

  get(seq: number): StoredCallWithPayload | undefined {
    return [...this.read(`SELECT ${COLUMNS}, payload FROM call WHERE seq = ?`, seq)][0];
  }

  private *read(text: string, ...parameters: number[]): Generator<StoredCallWithPayload> {
    for (const raw of this.statement(text).iterate(...parameters)) yield callOf(raw as RawCall);
  }

  /** Marks calls as taken. */
  markTaken(seqs: readonly number[], clockOffsetMs: number | null): void {
    this.transaction('marked', () => {
      for (const seq of seqs)
        this.statement(
          `UPDATE call SET state = 'taken', settled_at = ?, clock_offset_ms = ?, code = NULL, reason = NULL, because = NULL,
             retry_at = NULL, failed_at = NULL WHERE seq = ? AND state = 'waiting'`,
        ).run(Date.now(), clockOffsetMs, seq);
    });
  }

  /**
   * Sets a call aside.
   * @param made keys of what it would have made
   * @param rest what of it was refused, where the primary has taken the others
   */
  setAside(
    seq: number,
    { code, reason, because = null }: { code: string; reason: string; because?: number | null },
    made: readonly string[],
    rest?: { readonly rows: number; readonly payload: string },
  ): void {
    this.transaction('marked', () => {
      const { changes } = this.statement(
        `UPDATE call SET state = 'refused', settled_at = ?, code = ?, reason = ?, because = ?, retry_at = NULL,
           rows = coalesce(?, rows), payload = coalesce(?, payload) WHERE seq = ? AND state = 'waiting'`,
      ).run(Date.now(), code, reason, because, rest?.rows ?? null, rest?.payload ?? null, seq);
      if (changes === 0) return;
      for (const id of made)
        this.statement('INSERT OR IGNORE INTO aside (id, seq) VALUES (?, ?)').run(id, seq);
    });
  }

  /** Leaves a call for later: what it refers to is not there yet. */
  putOff(seq: number, reason: string, retryAt: number): void {
    this.transaction('marked', () => {
      this.statement(
        `UPDATE call SET reason = ?, retry_at = ?, failed_at = coalesce(failed_at, ?) WHERE seq = ? AND state = 'waiting'`,
      ).run(reason, retryAt, Date.now(), seq);
    });
  }

  /** The call set aside that would have made one of some keys. */
  asideOf(ids: Iterable<string>): number | undefined {
    if (!this.statement('SELECT 1 FROM aside LIMIT 1').get()) return undefined;
    for (const id of ids) {
      const found = this.statement('SELECT seq FROM aside WHERE id = ? LIMIT 1').get(id);
      if (found) return (found as { seq: number }).seq;
    }
    return undefined;
  }

  /** Lets calls that were set aside be sent again, and those that were so on their account. @returns how many */
  retry(seqs: readonly number[]): number {
    return this.transaction('retried', () => {
      let count = 0;
      for (const todo = [...seqs]; todo.length > 0; ) {
        const seq = todo.pop() as number;
        const { changes } = this.statement(
          `UPDATE call SET state = 'waiting', settled_at = NULL, code = NULL, reason = NULL, because = NULL,
             retry_at = NULL, failed_at = NULL WHERE seq = ? AND state = 'refused'`,
        ).run(seq);
        this.statement('DELETE FROM aside WHERE seq = ?').run(seq);
        count += changes;
        const dependants = this.statement("SELECT seq FROM call WHERE because = ? AND state = 'refused'");
        todo.push(...(dependants.all(seq) as { seq: number }[]).map((one) => one.seq));
      }
      return count;
    });
  }

  /** Gives calls up that were set aside; what depends on them may be retried by itself. @returns how many */
  discard(seqs: readonly number[], reason: string): number {
    return this.transaction('discarded', () => {
      let count = 0;
      for (const seq of seqs) {
        const { changes } = this.statement(
          `UPDATE call SET state = 'discarded', settled_at = ?, reason = coalesce(reason, '') || ?
            WHERE seq = ? AND state = 'refused'`,
        ).run(Date.now(), `; discarded: ${reason}`, seq);
        if (changes > 0) this.statement('DELETE FROM aside WHERE seq = ?').run(seq);
        count += changes;
      }
      return count;
    });
  }

  /** Forgets calls that were taken or discarded before an instant; a few at a time, so that writers get between. */
  forgetBefore(instant: number): void {
    const text = `DELETE FROM call WHERE seq IN (
      SELECT seq FROM call WHERE state IN ('taken', 'discarded') AND settled_at < ? LIMIT ${AT_ONCE})`;
    for (let changes = AT_ONCE; changes === AT_ONCE; )
      changes = this.transaction('removed', () => this.statement(text).run(instant).changes);
  }

  /** How many calls stand where. */
  totals(): Readonly<Record<CallState, Totals>> {
    const found = this.statement(
      'SELECT state, count(*) AS calls, sum(rows) AS rows FROM call GROUP BY state',
    ).all() as { state: CallState; calls: number; rows: number }[];
    const of = (state: CallState) => {
      const { calls = 0, rows = 0 } = found.find((one) => one.state === state) ?? {};
      return { calls, rows };
    };
    return { waiting: of('waiting'), taken: of('taken'), refused: of('refused'), discarded: of('discarded') };
  }

  /** When the oldest call that waits was noted. */
  oldestWaiting(): Date | null {
    const found = this.statement(
      "SELECT noted_at AS at FROM call WHERE state = 'waiting' ORDER BY seq LIMIT 1",
    ).get();
    return found ? new Date((found as { at: number }).at) : null;
  }

  /** Something that is known of the spool. */
  remember(name: NoteName, value: unknown): void {
    this.transaction('noted', () =>
      this.statement('INSERT OR REPLACE INTO note (name, value) VALUES (?, ?)').run(
        name,
        JSON.stringify(value),
      ),
    );
  }

  remembered(name: NoteName): unknown {
    const found = this.statement('SELECT value FROM note WHERE name = ?').get(name);
    return found ? JSON.parse((found as { value: string }).value) : null;
  }

  /** Copies the log into the file now and then, as far as no reader is in the way. */
  checkpoint(): void {
    const now = Date.now();
    if (now - this.checkpointedAt < CHECKPOINT_EVERY_MS) return;
    this.checkpointedAt = now;
    this.guarded('moved from the log', () => this.database.pragma('wal_checkpoint(PASSIVE)'));
  }

  /** What the files of the spool take, and what is left on their disk [byte]. */
  space(): { readonly bytes: number; readonly freeBytes: number } {
    const { path: file } = this.options;
    const sizes = [file, `${file}-wal`].map((name) => statSync(name, { throwIfNoEntry: false })?.size ?? 0);
    const { bavail, bsize } = statfsSync(path.dirname(path.resolve(file)));
    return { bytes: sizes.reduce((sum, size) => sum + size), freeBytes: bavail * bsize };
  }

  private statement(text: string): Statement {
    const known = this.statements.get(text) ?? this.database.prepare(text);
    this.statements.set(text, known);
    return known;
  }

  private transaction<T>(done: string, work: () => T): T {
    return this.guarded(done, () => this.database.transaction(work).immediate());
  }

  /** @throws OpsDbError that says what to do, for what goes wrong on the disk */
  private guarded<T>(done: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      const known = error instanceof OpsDbError ? undefined : errorOfSurroundings(error);
      if (!known) throw error;
      throw new OpsDbError(
        known.code,
        `nothing was ${done} in the spool ${this.options.path}: ${known.message}`,
        { cause: error },
      );
    }
  }
}

/** What is remembered beside the calls. */
export type NoteName = 'forwarder' | 'outage' | 'last_sent' | 'clock';

function listOf(constants: readonly string[]): string {
  return constants.map((constant) => `'${constant}'`).join(', ');
}

/** Calls that are read at once. */
const AT_ONCE = 100;

function callOf({ notedAt, settledAt, retryAt, failedAt, ...call }: RawCall): StoredCallWithPayload {
  const instant = (at: number | null) => (at === null ? null : new Date(at));
  return {
    ...call,
    notedAt: new Date(notedAt),
    settledAt: instant(settledAt),
    retryAt: instant(retryAt),
    failedAt: instant(failedAt),
  };
}

/** A new file is kept by a crash of the machine only when its folder is on the disk, too. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
