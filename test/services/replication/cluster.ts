import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { loadSettings, type Settings } from '../../../src/settings/index.js';
import type { Answer, Order } from './cluster-process.js';

type More = Partial<Settings['postgresql']>;

/** A real primary, number 0, and real streaming replicas, numbers 1 and up, on loopback. */
export class Cluster {
  private orders = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly ports: readonly number[],
    private readonly password: string,
  ) {}

  /** Starts the servers; they end with the present process at the latest. */
  static async start(replicas: number): Promise<Cluster> {
    const child = fork(path.join(__dirname, 'cluster-process.js'), [String(replicas)], {
      // In a group of its own, it outlives a test run that is killed with its group, and tidies up after it.
      detached: true,
    });
    const [{ ports, password, error }] = (await once(child, 'message')) as [Answer];
    if (!ports || password === undefined) throw new Error(`the servers do not start: ${error}`);
    return new Cluster(child, ports, password);
  }

  /** Starts or signals a server, and waits until it is there or gone. SIGINT ends it cleanly, SIGQUIT crashes it. */
  async order(server: number, act: Order['act']): Promise<void> {
    const id = this.orders++;
    const answered = new Promise<Answer>((resolve) => {
      const listen = (answer: Answer) => {
        if (answer.id !== id) return;
        this.process.off('message', listen);
        resolve(answer);
      };
      this.process.on('message', listen);
    });
    this.process.send({ id, server, act } satisfies Order);
    const { error } = await answered;
    if (error !== undefined) throw new Error(error);
  }

  /** `host:port` of a server. */
  at(server: number): string {
    return `127.0.0.1:${this.ports[server]}`;
  }

  /** Leads to a server, the primary where none is named, whatever the settings of the developer are. */
  options({ server = 0, ...more }: More & { server?: number } = {}): { settings: Settings } {
    const settings = loadSettings({ cwd: path.parse(__dirname).root, env: {}, warn: () => {} });
    const login = { user: 'postgres', password: this.password, database: 'postgres' };
    const where = { host: '127.0.0.1', port: this.ports[server] as number };
    const postgresql = { ...settings.postgresql, ...login, ...where, connectTimeoutMs: 2000, ...more };
    return { settings: { ...settings, databaseType: 'postgresql', postgresql } };
  }

  /** Runs a statement on a server, past this package. */
  async sql<T = Record<string, unknown>>(server: number, statement: string): Promise<T[]> {
    const { host, port, user, password, database } = this.options({ server }).settings.postgresql;
    const client = new Client({ host, port, user, password, database });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(statement)).rows as T[];
    } finally {
      await client.end();
    }
  }

  /** Ends the servers and removes what they hold. */
  async end(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const gone = once(this.process, 'exit');
    this.process.disconnect();
    await gone;
  }
}

/** Waits until something holds; gives up after a minute. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(20)) if (await holds()) return;
  throw new Error(`this never held: ${holds}`);
}
