import { OpsDbError } from '../errors.js';

/** One at a time, first come first served, for as long as one may be expected to wait. */
export class FifoMutex {
  private taken = false;
  private readonly waiting = new Set<() => void>();

  /** @param patienceMs how long to wait for a turn [ms] */
  constructor(private readonly patienceMs: number) {}

  /**
   * Waits until it is one's turn.
   *
   * @returns what ends the turn
   * @throws OpsDbError `database_busy` when it takes too long
   */
  async take(): Promise<() => void> {
    if (this.taken) await this.wait();
    return this.begin();
  }

  /** Takes a turn where nobody has one. @returns what ends it, or undefined */
  takeNow(): (() => void) | undefined {
    return this.taken ? undefined : this.begin();
  }

  private begin(): () => void {
    this.taken = true;
    return () => this.passOn();
  }

  private wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const mine = () => {
        clearTimeout(timer);
        resolve();
      };
      const giveUp = () => {
        this.waiting.delete(mine);
        reject(
          new OpsDbError(
            'database_busy',
            `another transaction of this process has kept the SQLite database for more than ${this.patienceMs} ms ` +
              '(database_sqlite_busy_timeout_ms, CCAT_OPS_DB_DATABASE_SQLITE_BUSY_TIMEOUT_MS). Within a ' +
              'transaction that a query runner has started, use that query runner or its manager; ' +
              'keep transactions short; or allow more time',
          ),
        );
      };
      const timer = setTimeout(giveUp, this.patienceMs);
      this.waiting.add(mine);
    });
  }

  private passOn(): void {
    const [next] = this.waiting;
    if (!next) {
      this.taken = false;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
