import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  ConnectionLostError,
  createDataSource,
  DataLocation,
  fileRawDataFiles,
  InstrumentModule,
  isRetryable,
  OpsDbError,
  requestStaging,
  StagingJob,
  withDbSession,
  work,
} from '../../src/index.js';
import type { Settings } from '../../src/settings/index.js';

/** Pauses of each client after a file, and after an error [ms]. */
const PAUSE_MS = { afterFile: 20, afterError: 100 };

const PATIENCE_MS = 120_000;

/** What the clients have recorded since the last call of {@link Load.take}. */
export interface Seen {
  /** Files whose filing was acknowledged. */
  readonly filed: string[];
  /** Jobs whose end was acknowledged to a worker; twice where two were. */
  readonly done: string[];
  /** Longest time from one acknowledged filing to the next [ms]. */
  longestGapMs: number;
  /** Number of errors by message. */
  readonly errors: Map<string, number>;
}

/** Clients that file a file and request a job with each, and workers that do the jobs. Each has a data source of its own. */
export class Load {
  private readonly stop = new AbortController();
  private readonly running: Promise<void>[] = [];
  private readonly opened: DataSource[] = [];
  private lastAt = performance.now();
  private seen = nothing();

  static async start(settings: Settings, clients: number, workers: number): Promise<Load> {
    const load = new Load();
    const open = async () => {
      const dataSource = await createDataSource({ settings }).initialize();
      load.opened.push(dataSource);
      return dataSource;
    };
    for (let client = 0; client < clients; client++) load.running.push(load.file(await open()));
    for (let worker = 0; worker < workers; worker++) load.running.push(load.work(await open(), `w${worker}`));
    return load;
  }

  /** What was recorded since the last call. */
  take(): Seen {
    const { seen } = this;
    this.note();
    this.seen = nothing();
    return seen;
  }

  /** Waits until some more files are acknowledged. */
  async filesAgain(): Promise<void> {
    const { filed, errors } = this.seen;
    const enough = filed.length + 20;
    for (const end = Date.now() + PATIENCE_MS; filed.length < enough; await sleep(50))
      if (Date.now() > end)
        throw new Error(`no file is acknowledged any more: ${[...errors.keys()].join('; ')}`);
  }

  async end(): Promise<void> {
    this.stop.abort();
    await Promise.all(this.running);
    for (const dataSource of this.opened) await dataSource.destroy();
  }

  private get isStopped(): boolean {
    return this.stop.signal.aborted;
  }

  private async file(dataSource: DataSource): Promise<void> {
    const { id: sourceLocationId } = await dataSource.manager.findOneByOrFail(DataLocation, {
      locationType: 'source',
    });
    const { id: destinationLocationId } = await dataSource.manager.findOneByOrFail(DataLocation, {
      locationType: 'processing',
    });
    const { id: instrumentModuleId } = await dataSource.manager.findOneByOrFail(InstrumentModule, {});
    const file = { instrumentModuleId, sourceLocationId, ofNoExecution: true, sizeBytes: 1 };
    while (!this.isStopped) {
      const id = uuidv7();
      const fileOne = async (manager: EntityManager) => {
        await fileRawDataFiles(manager, [{ ...file, id, relativePath: `trial/${id}` }]);
        await requestStaging(manager, { id, destinationLocationId, packageIds: [] });
      };
      if (!(await this.isAcknowledged(() => withDbSession(fileOne, { dataSource })))) continue;
      this.note();
      this.seen.filed.push(id);
      await sleep(PAUSE_MS.afterFile);
    }
  }

  /** As `retry` of withDbSession does, except that each error is counted. */
  private async isAcknowledged(attempt: () => Promise<unknown>): Promise<boolean> {
    while (!this.isStopped)
      try {
        await attempt();
        return true;
      } catch (error) {
        this.count('', error);
        await sleep(PAUSE_MS.afterError);
        if (!isRetryable(error, { idempotent: true })) return false;
      }
    return false;
  }

  private async work(dataSource: DataSource, worker: string): Promise<void> {
    const { signal } = this.stop;
    while (!this.isStopped)
      try {
        for await (const item of work(dataSource, StagingJob, { worker, signal, heartbeatS: 5 })) {
          await item.finish();
          this.seen.done.push(item.id);
        }
      } catch (error) {
        this.count('worker: ', error);
        await sleep(PAUSE_MS.afterError);
      }
  }

  private note(): void {
    const now = performance.now();
    this.seen.longestGapMs = Math.max(this.seen.longestGapMs, now - this.lastAt);
    this.lastAt = now;
  }

  private count(who: string, error: unknown): void {
    const code = error instanceof OpsDbError ? error.code : String(error);
    const name = `${who}${code}${error instanceof ConnectionLostError ? ` (${error.outcome})` : ''}`;
    this.seen.errors.set(name, (this.seen.errors.get(name) ?? 0) + 1);
  }
}

function nothing(): Seen {
  return { filed: [], done: [], longestGapMs: 0, errors: new Map() };
}
