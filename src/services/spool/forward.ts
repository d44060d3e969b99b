import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { OpsDbError } from '../../errors.js';
import { errorOfSurroundings } from '../../surroundings.js';
import { lookUp } from '../filing/file-rows.js';
import {
  type CallContent,
  type CallName,
  contentOf,
  entityOf,
  madeBy,
  type Needed,
  neededBy,
  payloadOf,
} from './calls.js';
import { ORDER, type Outcome, type Sending, sendRows } from './send.js';
import type { SpoolStore, StoredCall } from './store.js';

/** How a spool is sent. */
export interface ForwardOptions {
  /** The primary; it is initialised here when it is not yet, so that a service can start while the link is down. */
  readonly dataSource: DataSource;
  /** Ends it after what is under way. */
  readonly signal?: AbortSignal;
  /** How long the primary may take to answer before the link counts as down [s]; by default 60. */
  readonly answerS?: number;
  /**
   * How long a call waits for what it refers to and another writer has yet to file, before it is set aside [s]; by default
   * 600.
   */
  readonly patienceS?: number;
}

/** What came of the sending. */
export interface Forwarded {
  /** Calls that the primary has taken. */
  taken: number;
  /** Calls that were set aside, with those that depend on them. */
  refused: number;
  /** Calls that wait for what they refer to. */
  postponed: number;
}

/** A batch has at most so many rows, calls and characters. */
const [MOST_ROWS, MOST_CALLS, MOST_CHARACTERS] = [10_000, 5000, 8e6];

/** A call that waits for another writer is sent again after so long [ms]. */
const POSTPONED_MS = 15_000;

interface Waiting {
  readonly call: StoredCall;
  readonly content: CallContent;
}

/** Sends what waits on a spool. One at a time works on a spool. */
export class Sender {
  private readonly sending: Sending;
  private clockOffsetMs: number | null = null;
  private clockReadAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: SpoolStore,
    private readonly options: ForwardOptions,
  ) {
    this.sending = { dataSource: options.dataSource, answerMs: (options.answerS ?? 60) * 1000 };
  }

  /**
   * Sends what waits, until nothing is to be sent now.
   * @throws OpsDbError when the primary cannot be reached or does not work; everything else stays as it is
   */
  async drain(): Promise<Forwarded> {
    const forwarded = { taken: 0, refused: 0, postponed: 0 };
    const { dataSource, signal } = this.options;
    try {
      if (!dataSource.isInitialized) await dataSource.initialize();
      while (!signal?.aborted) {
        const batch = this.nextBatch();
        if (batch.length === 0) break;
        await this.readClock();
        for (const step of stepsOf(batch)) await this.send(step, forwarded);
        this.store.remember('last_sent', new Date());
      }
    } catch (error) {
      const known = error instanceof OpsDbError ? error : (errorOfSurroundings(error) ?? error);
      this.store.remember('outage', { since: this.outageSince(), message: String((known as Error).message) });
      throw known;
    }
    if (this.store.remembered('outage') !== null) this.store.remember('outage', null);
    return forwarded;
  }

  private outageSince(): string {
    const outage = this.store.remembered('outage') as { since: string } | null;
    return outage?.since ?? new Date().toISOString();
  }

  private nextBatch(): Waiting[] {
    const batch: Waiting[] = [];
    let [rows, characters] = [0, 0];
    for (const { payload, ...call } of this.store.due(Date.now())) {
      rows += call.rows;
      characters += payload.length;
      if (batch.length > 0 && (rows > MOST_ROWS || characters > MOST_CHARACTERS)) break;
      batch.push({ call, content: contentOf(payload) });
      if (batch.length === MOST_CALLS) break;
    }
    return batch;
  }

  /** Sends calls of one kind and class, as one transaction where nothing is refused. */
  private async send(step: readonly Waiting[], forwarded: Forwarded): Promise<void> {
    const sendable = step.filter((waiting) => !this.isHeldBack(waiting, forwarded));
    const [first] = sendable;
    if (!first) return;
    const { kind } = first.call;
    const rows = sendable.flatMap(({ content }) => content.rows);
    const outcomes = await sendRows(
      this.sending,
      kind,
      entityOf(kind, first.content.entity),
      rows as never[],
    );
    const taken: number[] = [];
    const refused: { readonly waiting: Waiting; readonly own: readonly Outcome[] }[] = [];
    let start = 0;
    for (const waiting of sendable) {
      const own = outcomes.slice(start, start + waiting.content.rows.length);
      start += own.length;
      if (own.every((outcome) => outcome === undefined)) taken.push(waiting.call.seq);
      else refused.push({ waiting, own });
    }
    this.store.markTaken(taken, this.clockOffsetMs);
    forwarded.taken += taken.length;
    for (const { waiting, own } of refused) await this.refuse(waiting, own, forwarded);
  }

  /** Sets a call aside that depends on one that was. */
  private isHeldBack({ call, content }: Waiting, forwarded: Forwarded): boolean {
    const needed = neededBy(call.kind, content).map(({ id }) => id);
    const because = this.store.asideOf(needed);
    if (because === undefined || because === call.seq) return false;
    const reason = `it depends on call ${because}, which was set aside`;
    this.store.setAside(call.seq, { code: 'depends', reason, because }, madeBy(call.kind, content));
    forwarded.refused += 1;
    return true;
  }

  private async refuse(
    { call, content }: Waiting,
    own: readonly Outcome[],
    forwarded: Forwarded,
  ): Promise<void> {
    const rows = content.rows.filter((_, index) => own[index] !== undefined);
    const rest = { entity: content.entity, rows };
    const [{ code, message } = new OpsDbError('filing_refused', 'refused')] = own.filter(
      (outcome) => outcome !== undefined,
    );
    const missing = await this.missing(neededBy(call.kind, rest));
    const patienceMs = (this.options.patienceS ?? 600) * 1000;
    const failedAt = call.failedAt?.getTime() ?? Date.now();
    if (missing.length > 0 && Date.now() - failedAt < patienceMs) {
      const reason = `it waits for ${missing.map(({ entity, id }) => `${entity} ${id}`).join(', ')}: ${message}`;
      this.store.putOff(call.seq, reason, Date.now() + Math.min(POSTPONED_MS, patienceMs));
      forwarded.postponed += 1;
      return;
    }
    const isPart = rows.length < content.rows.length;
    const reason = isPart
      ? `${message} (${rows.length} of ${content.rows.length} rows; the others were taken)`
      : message;
    this.store.setAside(call.seq, { code, reason }, madeBy(call.kind, rest), {
      rows: rows.length,
      payload: payloadOf(rest),
    });
    forwarded.refused += 1;
  }

  /** What another writer may have yet to file: it is not at the primary. */
  private async missing(needed: readonly Needed[]): Promise<Needed[]> {
    const { dataSource } = this.options;
    const byEntity = new Map<string, Needed[]>();
    for (const one of needed) byEntity.set(one.entity, [...(byEntity.get(one.entity) ?? []), one]);
    const lists = [...byEntity.values()];
    if (lists.length === 0) return [];
    const found = await lookUp(
      dataSource.manager,
      lists.map((list) => [
        dataSource.getMetadata(list[0]?.entity as string),
        'id',
        list.map(({ id }) => id),
      ]),
    );
    const there = new Set(found.flat().map(({ id }) => id));
    return needed.filter(({ id }) => !there.has(id));
  }

  /** By how much the clock of the server is ahead of this machine, looked at once a minute. */
  private async readClock(): Promise<void> {
    const { dataSource } = this.options;
    if (!dialectOf(dataSource).hasServer || Date.now() - this.clockReadAt < 60_000) return;
    const before = Date.now();
    const [{ now }] = await dataSource.query('SELECT clock_timestamp() AS now');
    const after = Date.now();
    this.clockReadAt = after;
    this.clockOffsetMs = (now as Date).getTime() - (before + after) / 2;
    this.store.remember('clock', {
      offsetMs: this.clockOffsetMs,
      uncertaintyMs: (after - before) / 2,
      at: new Date(),
    });
  }
}

/**
 * Calls of a batch, those of one kind together: executions before their files, files before packages, ends last. Only
 * where the order of two calls matters beyond that, a new round begins.
 */
function stepsOf(batch: readonly Waiting[]): Waiting[][] {
  const steps: Waiting[][] = [];
  let round: Waiting[] = [];
  const noted = new Set<string>();
  const endRound = () => {
    for (const kind of ORDER) steps.push(...inGroups(round.filter(({ call }) => call.kind === kind)));
    round = [];
    noted.clear();
  };
  for (const waiting of batch) {
    const { kind } = waiting.call;
    const last = steps.at(-1);
    if (kind === 'fileRows') {
      const isSame = round.length === 0 && last?.[0]?.call.kind === kind;
      endRound();
      if (isSame && last?.[0]?.content.entity === waiting.content.entity) last.push(waiting);
      else steps.push([waiting]);
      continue;
    }
    // Both write the conditions of an execution: what was noted last holds.
    const ids = waiting.content.rows.map((row) => (row as { id?: string }).id ?? '');
    if (kind === 'finishObservation' && ids.some((id) => noted.has(id))) endRound();
    if (kind === 'noteConditions') for (const id of ids) noted.add(id);
    round.push(waiting);
  }
  endRound();
  return steps.filter((step) => step.length > 0);
}

/** Calls that cost a statement for each row are sent so many at a time. */
const STATEMENTS = 200;

const EACH_A_STATEMENT: readonly CallName[] = ['fileRawDataPackage', 'finishObservation', 'noteConditions'];

function inGroups(calls: readonly Waiting[]): Waiting[][] {
  const [first] = calls;
  const size = first && EACH_A_STATEMENT.includes(first.call.kind) ? STATEMENTS : calls.length;
  const groups: Waiting[][] = [];
  for (let start = 0; start < calls.length; start += size) groups.push(calls.slice(start, start + size));
  return groups;
}

/** The pauses while there is no server [ms]: short, since what waits is to go soon after the link is back. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [500, 5000];

/** How often it is looked for new calls [ms]. */
const LOOK_MS = 200;

/** Sends what waits and what comes, until it is ended; what goes wrong is tried again. */
export async function forwardUntil(
  sender: Sender,
  store: SpoolStore,
  signal: AbortSignal | undefined,
  onTurn: (result: Forwarded | Error) => void,
): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  const rest = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {});
  while (!signal?.aborted) {
    try {
      store.checkpoint();
      if (store.hasDue(Date.now())) onTurn(await sender.drain());
      pauseMs = FIRST_PAUSE_MS;
      await rest(LOOK_MS);
    } catch (error) {
      onTurn(error as Error);
      await rest((pauseMs * (1 + Math.random())) / 2);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }
}
