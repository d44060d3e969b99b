/** When a waiting caller gives up. */
export interface Patience {
  /** Time without activity after which callers give up [ms]. */
  readonly ms: number;
  /** Time of the last activity [ms since 1970]. */
  lastActivity: number;
  /** Makes the error of a caller that gives up. */
  readonly givenUp: () => Error;
}

/** A FIFO mutex. */
export class FifoMutex {
  private taken = false;
  private readonly waiting = new Set<() => void>();

  /**
   * Waits for the mutex.
   *
   * @param patience when to give up; without it the wait has no end
   * @returns what lets the next one in
   * @throws the error of `patience` when nothing has happened for too long
   */
  async take(patience?: Patience): Promise<() => void> {
    if (this.taken) await this.wait(patience);
    return this.begin();
  }

  /** Takes the mutex if it is free. @returns what lets the next one in, or undefined */
  takeNow(): (() => void) | undefined {
    return this.taken ? undefined : this.begin();
  }

  private begin(): () => void {
    this.taken = true;
    let hasLeft = false;
    return () => {
      if (!hasLeft) this.passOn();
      hasLeft = true;
    };
  }

  private wait(patience?: Patience): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const mine = () => {
        clearTimeout(timer);
        resolve();
      };
      this.waiting.add(mine);
      if (!patience) return;
      const since = Date.now();
      const look = () => {
        const idleMs = Date.now() - Math.max(since, patience.lastActivity);
        if (idleMs < patience.ms) {
          timer = setTimeout(look, patience.ms - idleMs);
          return;
        }
        this.waiting.delete(mine);
        reject(patience.givenUp());
      };
      timer = setTimeout(look, patience.ms);
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
