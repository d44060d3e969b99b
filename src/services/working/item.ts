import type { DataSource, EntityManager, ObjectLiteral } from 'typeorm';
import { withRetry } from '../../database/retry.js';
import { OpsDbError } from '../../errors.js';
import { type EntityClass, transition } from '../../lifecycle/index.js';
import { handlingOf, type Workable } from '../claiming/handling.js';
import { complete, fail, giveBack, type Holder } from '../claiming/release.js';
import { confirm, standingOf } from './confirm.js';

/** What else the end of work writes, in the same transaction. Returning false means that the worker has lost the row. */
export type End = (manager: EntityManager) => Promise<unknown>;

/** How an attempt ended; `lost`: the row was not this worker's any more. */
export type Outcome = 'done' | 'pending' | 'failed' | 'released' | 'lost';

/** What a worker has done is not given up while another server is promoted; it is written once, see below. */
const THROUGH_A_PROMOTION = { attempts: 20, idempotent: true };

/**
 * A row that {@link work} has given to a worker.
 *
 * @example
 * import { initCcatOpsDb, StagingJob, WorkItem, work } from 'ccat-ops-db';
 *
 * const { dataSource } = await initCcatOpsDb();
 * const given: unknown[] = [];
 * for await (const item of work(dataSource, StagingJob, { worker: 'stager-1', untilIdle: true })) {
 *   if (item instanceof WorkItem) await item.release();
 *   given.push(item.row.id);
 * }
 * console.log(given); // []
 * await dataSource.destroy();
 */
export class WorkItem<E extends Workable> {
  private readonly loss = new AbortController();
  private isOpen = true;

  /** @internal */
  constructor(
    private readonly dataSource: DataSource,
    private readonly entity: EntityClass<E>,
    /** The row as it was claimed. */
    readonly row: E,
    /** The worker that has it. */
    readonly worker: string,
    private readonly shutdown?: AbortSignal,
  ) {}

  /** Key of the row. */
  get id(): string {
    return this.row.id;
  }

  /**
   * Aborted when the worker has lost the row: it was silent for too long, somebody released the row, another worker has
   * it. The reason is an OpsDbError `work_lost`. The body should stop; nothing that it does to the row is taken any more.
   */
  get signal(): AbortSignal {
    return this.loss.signal;
  }

  /**
   * Notes that the work is done, with what else is to be written, in one transaction.
   * @param end writes it with the manager that it gets, such as `completeTransfer`; where it does not end the row
   *   itself, the row goes to its end as it is
   * @throws OpsDbError `work_lost` when the worker does not have the row any more, nothing is written then;
   *   `transition_illegal` when the row cannot go to its end from where it is; what `end` throws
   */
  async finish(end?: End): Promise<void> {
    if (!this.isOpen) throw this.lost();
    const { manager } = this.dataSource;
    let attempts = 0;
    const attempt = () => {
      attempts += 1;
      return end
        ? manager.transaction((nested) => this.endWith(nested, end, attempts))
        : this.complete(manager, attempts);
    };
    await withRetry(attempt, THROUGH_A_PROMOTION).catch((error) => {
      throw isLost(error) ? this.lose() : error;
    });
    this.isOpen = false;
  }

  private async endWith(manager: EntityManager, end: End, attempts: number): Promise<void> {
    const { entity, id, holder } = this;
    const isHeld = (await confirm(manager, entity, [id], holder)).length > 0;
    if (isHeld && (await end(manager)) === false) throw this.lost();
    await this.complete(manager, isHeld ? 2 : attempts);
  }

  /** A later attempt may find the row finished already: the answer to an earlier one was lost. */
  private async complete(manager: EntityManager, attempts: number): Promise<void> {
    const { entity, id, holder } = this;
    if (await complete(manager, entity, id, holder)) return;
    const [standing] = await standingOf(manager, entity, [id], holder);
    if (standing?.is === 'done' && attempts > 1) return;
    if (standing?.is !== 'in hand') throw this.lost();
    // No legal step leads from its status to the end; this error names the status.
    const { status } = await manager.findOneByOrFail<ObjectLiteral>(entity, { id });
    await transition(manager, entity, id, { from: status, to: handlingOf(entity).done, worker: this.worker });
  }

  /**
   * Notes that the work has failed: the row waits for its next try, or has failed for good.
   * @param error what went wrong
   * @param options `retryable`: whether trying again may help; by default yes
   * @returns where the row stands now; undefined when the worker does not have it any more
   */
  async fail(
    error: unknown,
    { retryable }: { readonly retryable?: boolean } = {},
  ): Promise<'pending' | 'failed' | undefined> {
    if (!this.isOpen) return undefined;
    const { dataSource, entity, id, holder } = this;
    const failure = { ...holder, error: String(error), retryable };
    const to = await withRetry(() => fail(dataSource.manager, entity, id, failure), THROUGH_A_PROMOTION);
    if (!to) this.lose();
    this.isOpen = false;
    return to;
  }

  /** Gives the row back as it was, for the next worker. @returns false when the worker does not have it any more */
  async release(): Promise<boolean> {
    if (!this.isOpen) return false;
    this.isOpen = false;
    const { dataSource, entity, id, holder } = this;
    const reason = 'its worker has ended';
    return withRetry(
      () => giveBack(dataSource.manager, entity, id, { ...holder, reason }),
      THROUGH_A_PROMOTION,
    );
  }

  /**
   * Does the work, and notes what came of it: its end when the body returns, a failure when it throws; when it throws
   * after the worker was told to stop, the row is given back.
   * @param body gets the row and the signal of its loss; a function that it returns is the end for {@link finish}
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a body need not return anything
  async attempt(body: (row: E, signal: AbortSignal) => Promise<End | void>): Promise<Outcome> {
    try {
      const end = await body(this.row, this.signal);
      await this.settle(end ?? undefined);
      return this.signal.aborted ? 'lost' : 'done';
    } catch (error) {
      if (isLost(error)) return 'lost';
      if (this.shutdown?.aborted) return (await this.release()) ? 'released' : 'lost';
      return (await this.fail(error)) ?? 'lost';
    }
  }

  /** @internal Whether the worker has yet to say what became of the row. */
  get isUnsettled(): boolean {
    return this.isOpen;
  }

  /** @internal The body has come to its end: the row is done, unless the body has ended it itself. */
  async settle(end?: End): Promise<void> {
    if (!this.isOpen || this.signal.aborted) return;
    if (end) return this.finish(end);
    const { dataSource, entity, id, holder } = this;
    const [standing] = await standingOf(dataSource.manager, entity, [id], holder);
    if (standing?.is === 'lost') this.lose();
    if (standing?.is === 'in hand') await this.finish();
    this.isOpen = false;
  }

  /** @internal Tells the body that the row was lost. */
  lose(): OpsDbError {
    const error = this.lost();
    this.isOpen = false;
    if (!this.signal.aborted) this.loss.abort(error);
    return error;
  }

  /** @internal As if the worker had vanished with the row: it stays as it is until it is found to be stale. */
  abandon(): void {
    this.isOpen = false;
  }

  /** @internal */
  get holder(): Holder {
    const { claimedAt } = handlingOf(this.entity);
    return { worker: this.worker, claimedAt: (this.row as ObjectLiteral)[claimedAt] };
  }

  private lost(): OpsDbError {
    const { entity, id, worker } = this;
    return new OpsDbError(
      'work_lost',
      `${worker} does not have ${entity.name} ${id} any more: it was ended or released, or another worker has it; ` +
        'nothing was written. A worker must give signs of life more often than releaseStale looks for them',
    );
  }
}

function isLost(error: unknown): boolean {
  return error instanceof OpsDbError && error.code === 'work_lost';
}
