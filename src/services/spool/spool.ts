import type { DataSource } from 'typeorm';
import { inChunks, type Many } from '../../database/chunks.js';
import { OpsDbError } from '../../errors.js';
import {
  assertIterable,
  assertNumber,
  assertOptions,
  assertText,
  invalidArgument,
} from '../../values/arguments.js';
import type {
  NewRawDataFile,
  NewRawDataPackage,
  NewRow,
  NewSlot,
  ObservationConditions,
  ObservationEnd,
  ObservationStart,
} from '../filing/index.js';
import { type CallName, checkedRows, contentOf, entityOf, payloadOf } from './calls.js';
import { type Forwarded, type ForwardOptions, forwardUntil, Sender } from './forward.js';
import { type SpoolLimits, warningsOf } from './limits.js';
import { type Forwarder, isForwarded, takeForwarderLock, thisForwarder } from './lock.js';
import { CallState, type CallToNote, SpoolStore, type StoredCall, type Totals } from './store.js';

/** Where a spool is, and when somebody should look at it. */
export interface SpoolOptions {
  /** Path of its file, on a disk of this machine; it is created where it does not exist. */
  readonly path: string;
  /** Whether the file must be there already; by default it is created. */
  readonly mustExist?: boolean;
  /** When to warn. */
  readonly limits?: SpoolLimits;
  /** Takes warnings, each at most once a minute; by default they go to the standard error. */
  readonly warn?: (message: string) => void;
  /** The file does not grow beyond this [byte]: calls fail then, as on a full disk. By default the disk is the limit. */
  readonly maxBytes?: number;
  /** How long calls that were taken are kept for readers at the site, whose replica may be behind [s]; by default two days. */
  readonly keepTakenS?: number;
}

/** What was written down. */
export interface Noted {
  /** Rows that are on the disk and will be sent. */
  readonly noted: number;
}

/** How a spool is doing. */
export interface SpoolStatus {
  /** Path of its file. */
  readonly path: string;
  /** Calls and rows by state. */
  readonly calls: Readonly<Record<CallState, Totals>>;
  /** When the oldest call that waits was noted; null: none waits. */
  readonly oldestWaiting: Date | null;
  /** When something was taken last; null: never. */
  readonly lastSent: Date | null;
  /** Since when the primary cannot be reached, and why; null: it could be at the last try. */
  readonly outage: { readonly since: string; readonly message: string } | null;
  /** Who sends what waits; null: nobody now. */
  readonly forwarder: Forwarder | null;
  /** By how much the clock of the server was ahead when it was looked at last [ms]; null: never. */
  readonly clock: { readonly offsetMs: number; readonly uncertaintyMs: number; readonly at: string } | null;
  /** What the spool takes [byte]. */
  readonly bytes: number;
  /** What is left on its disk [byte]. */
  readonly freeBytes: number;
  /** What somebody should see to, a sentence each. */
  readonly warnings: readonly string[];
}

/** Which calls are listed. */
export interface SpoolListOptions {
  /** Only those that stand there; by default those that wait or were set aside. */
  readonly state?: CallState;
  /** At most so many; by default 100. */
  readonly limit?: number;
  /** Only calls behind this one; by default from the first on. */
  readonly after?: number;
}

/** A call with its arguments. */
export interface SpooledCall extends StoredCall {
  /** Name of the class of the rows. */
  readonly entity: string;
  /** What is filed. */
  readonly content: readonly object[];
}

/** Rows of one call: what is sent again when it fails, and set aside when it is refused. */
const ROWS_OF_CALL = 1000;

const WARN_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 5000;

/**
 * Opens a spool: a file on the local disk that takes the calls of filing at once, whether the primary can be reached or not,
 * and sends them when it can. Each call that was acknowledged is on the disk.
 *
 * @throws OpsDbError when the file cannot be used, or is something else
 *
 * @example
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { CallState, ExecutedObsUnit, initCcatOpsDb, ObsUnit, openSpool } from 'ccat-ops-db';
 *
 * const { session, dataSource } = await initCcatOpsDb();
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { available: true });
 *
 * const spool = openSpool({ path: `${mkdtempSync(`${tmpdir()}/`)}/spool.sqlite` });
 * const id = await spool.startObservation({ obsUnitId, startTime: new Date('2026-11-24T03:00:00Z') });
 * await spool.finishObservation({ id, obsUnitId, endTime: new Date('2026-11-24T03:20:00Z') });
 * console.log(await session.existsBy(ExecutedObsUnit, { id })); // false
 * console.log(spool.list({ state: CallState.WAITING }).length); // 2
 *
 * console.log(await spool.drain({ dataSource })); // { taken: 2, refused: 0, postponed: 0 }
 * console.log((await session.findOneByOrFail(ExecutedObsUnit, { id })).status); // completed
 * spool.close();
 * await dataSource.destroy();
 */
export function openSpool(options: SpoolOptions): Spool {
  assertOptions('options', options);
  assertText('path', options.path);
  if (options.maxBytes !== undefined) assertNumber('maxBytes', options.maxBytes, 1);
  if (options.keepTakenS !== undefined) assertNumber('keepTakenS', options.keepTakenS);
  return new Spool(options);
}

/** A spool, from {@link openSpool}. Its calls take what the functions of the same names take behind the manager. */
export class Spool {
  private readonly store: SpoolStore;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private readonly warnedAt = new Map<string, number>();

  /** Use {@link openSpool}. */
  constructor(private readonly options: SpoolOptions) {
    this.store = new SpoolStore(options);
  }

  /** Path of its file. */
  get path(): string {
    return this.options.path;
  }

  /** Closes the file. What waits stays in it. */
  close(): void {
    this.store.close();
  }

  /**
   * Notes that the execution of an obs unit has begun, as {@link startObservation}.
   * @returns the UUID of the execution, made here when the caller has none
   * @throws OpsDbError `filing_refused` when a value is not allowed; `disk_full` when there is no room
   */
  async startObservation(start: ObservationStart): Promise<string> {
    const entity = entityOf('startObservation');
    const rows = checkedRows('startObservation', entity, [start]);
    this.note('startObservation', entity, [rows]);
    return rows[0]?.id as string;
  }

  /** Notes that an execution has ended, as {@link finishObservation}; whether its start has arrived is seen when it is sent. */
  async finishObservation(end: ObservationEnd): Promise<Noted> {
    return this.checkAndNote('finishObservation', [end]);
  }

  /** Files raw data files, as {@link fileRawDataFiles}. */
  async fileRawDataFiles(files: Many<NewRawDataFile>): Promise<Noted> {
    assertIterable('files', files);
    return this.checkAndNote('fileRawDataFiles', files);
  }

  /** Files a package that is to be built, as {@link fileRawDataPackage}. */
  async fileRawDataPackage(rawDataPackage: NewRawDataPackage): Promise<Noted> {
    return this.checkAndNote('fileRawDataPackage', [rawDataPackage]);
  }

  /** Notes weather, quality and remarks of an execution, as {@link noteConditions}. */
  async noteConditions(conditions: ObservationConditions): Promise<Noted> {
    return this.checkAndNote('noteConditions', [conditions]);
  }

  /** Takes times for units, as {@link fileSlots}. */
  async fileSlots(slots: Many<NewSlot>): Promise<Noted> {
    assertIterable('slots', slots);
    return this.checkAndNote('fileSlots', slots);
  }

  /** Files rows of any class with a UUID, as {@link fileRows}. */
  async fileRows(entity: abstract new () => object, rows: Many<NewRow>): Promise<Noted> {
    assertIterable('rows', rows);
    return this.checkAndNote('fileRows', rows, entity.name);
  }

  /**
   * Sends what waits and what comes, in order, until the signal ends it. While the primary cannot be reached it is tried
   * again; what the primary refuses is set aside with what depends on it.
   * @throws OpsDbError `database_busy` when the spool has a forwarder already
   */
  async forward(options: ForwardOptions): Promise<void> {
    const release = this.begin(options);
    try {
      const sender = new Sender(this.store, options);
      await forwardUntil(sender, this.store, options.signal, (result) => {
        if (result instanceof Error) this.warnOnce(`nothing can be sent: ${result.message}`);
        this.tidy();
      });
    } finally {
      release();
    }
  }

  /**
   * Sends what waits, once.
   * @returns what came of it
   * @throws OpsDbError when the primary cannot be reached, what was not sent waits on; `database_busy` when the spool has a
   *   forwarder already
   */
  async drain(options: ForwardOptions): Promise<Forwarded> {
    const release = this.begin(options);
    try {
      return await new Sender(this.store, options).drain();
    } finally {
      release();
      this.tidy();
    }
  }

  /** How it is doing. */
  status(): SpoolStatus {
    const { path, limits = {} } = this.options;
    const calls = this.store.totals();
    const oldestWaiting = this.store.oldestWaiting();
    const lastSent = this.store.remembered('last_sent') as string | null;
    const space = this.store.space();
    const oldestAgeS = oldestWaiting && (Date.now() - oldestWaiting.getTime()) / 1000;
    return {
      path,
      calls,
      oldestWaiting,
      lastSent: lastSent === null ? null : new Date(lastSent),
      outage: this.store.remembered('outage') as SpoolStatus['outage'],
      forwarder: isForwarded(path) ? this.forwarder() : null,
      clock: this.store.remembered('clock') as SpoolStatus['clock'],
      ...space,
      warnings: warningsOf({ ...space, oldestAgeS, refused: calls.refused.calls }, limits),
    };
  }

  /** Calls without their arguments, the oldest first. */
  list({ state, limit = 100, after = 0 }: SpoolListOptions = {}): StoredCall[] {
    if (state !== undefined && !Object.values(CallState).includes(state))
      throw invalidArgument('state', state, `one of ${Object.values(CallState).join(', ')}`);
    const states = state ? [state] : [CallState.WAITING, CallState.REFUSED];
    return this.store.list({ states, limit, after });
  }

  /**
   * A call with its arguments.
   * @param seq its place in the order of the calls
   * @throws OpsDbError `nothing_found` when there is none
   */
  show(seq: number): SpooledCall {
    const found = this.store.get(seq);
    if (!found) throw new OpsDbError('nothing_found', `the spool ${this.path} has no call ${seq}`);
    const { payload, ...call } = found;
    const { entity, rows } = contentOf(payload);
    return { ...call, entity, content: rows };
  }

  /**
   * The calls that have a state, with their arguments, the oldest first; few at a time are held in memory.
   * @param kinds only calls of these functions; all where left out
   */
  *calls(states: readonly CallState[], kinds?: readonly CallName[]): Generator<SpooledCall> {
    for (const { payload, ...call } of this.store.calls({ states, kinds })) {
      const { entity, rows } = contentOf(payload);
      yield { ...call, entity, content: rows };
    }
  }

  /**
   * Lets calls that were set aside be sent again, and those that were set aside on their account.
   * @param seqs their places in the order; all where left out
   * @returns how many wait again
   */
  retry(seqs: readonly number[] = this.refused()): number {
    return this.store.retry(seqs);
  }

  /**
   * Gives up calls that were set aside. What depends on them stays set aside until it is retried by itself, such as after
   * the primary has got by other means what it refers to.
   * @param seqs their places in the order
   * @param reason why, for who looks at them later
   * @returns how many were given up
   */
  discard(seqs: readonly number[], reason: string): number {
    assertText('reason', reason);
    return this.store.discard(seqs, reason);
  }

  private refused(): number[] {
    return this.store
      .list({ states: [CallState.REFUSED], limit: Number.MAX_SAFE_INTEGER, after: 0 })
      .map(({ seq }) => seq);
  }

  private forwarder(): Forwarder | null {
    return this.store.remembered('forwarder') as Forwarder | null;
  }

  private begin({ dataSource }: { readonly dataSource: DataSource }): () => void {
    assertOptions('dataSource', dataSource);
    const release = takeForwarderLock(this.path, () => this.forwarder());
    this.store.remember('forwarder', thisForwarder());
    return release;
  }

  /** Checks rows and notes them: in calls that are sent by themselves, all of them or none. */
  private async checkAndNote(kind: CallName, rows: Many<object>, given?: string): Promise<Noted> {
    const entity = entityOf(kind, given);
    const checked: object[][] = [];
    for await (const part of inChunks(rows, ROWS_OF_CALL)) checked.push(checkedRows(kind, entity, part));
    return this.note(kind, entity, checked);
  }

  private note(kind: CallName, entity: string, lists: readonly object[][]): Noted {
    const calls = lists.map(
      (rows): CallToNote => ({
        kind,
        rows: rows.length,
        payload: payloadOf({ entity, rows: rows as never }),
      }),
    );
    this.store.note(calls);
    this.lookAtLimits();
    return { noted: calls.reduce((sum, { rows }) => sum + rows, 0) };
  }

  private tidy(): void {
    const { keepTakenS = 2 * 24 * 3600 } = this.options;
    this.store.forgetBefore(Date.now() - keepTakenS * 1000);
  }

  private lookAtLimits(): void {
    if (Date.now() - this.lookedAt < LOOK_EVERY_MS) return;
    this.lookedAt = Date.now();
    const oldest = this.store.oldestWaiting();
    const oldestAgeS = oldest && (Date.now() - oldest.getTime()) / 1000;
    const measured = { ...this.store.space(), oldestAgeS, refused: 0 };
    for (const warning of warningsOf(measured, this.options.limits ?? {})) this.warnOnce(warning);
  }

  private warnOnce(message: string): void {
    const subject = message.replace(/\d+/g, '');
    const now = Date.now();
    if (now - (this.warnedAt.get(subject) ?? Number.NEGATIVE_INFINITY) < WARN_EVERY_MS) return;
    this.warnedAt.set(subject, now);
    const { path, warn = (text) => process.stderr.write(`${text}\n`) } = this.options;
    warn(`spool ${path}: ${message}`);
  }
}
