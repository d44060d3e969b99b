import { setTimeout as sleep } from 'node:timers/promises';

/** Ends a wait early; also one that begins later, until it is reset. */
export class Wakeup {
  private controller = new AbortController();

  reset(): void {
    if (this.controller.signal.aborted) this.controller = new AbortController();
  }

  wake(): void {
    this.controller.abort();
  }

  /** Waits for a wake-up, a timeout or a signal. */
  async wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const signals = signal ? [this.controller.signal, signal] : [this.controller.signal];
    await sleep(milliseconds, undefined, { signal: AbortSignal.any(signals) }).catch(() => undefined);
  }
}
