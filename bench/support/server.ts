import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Client } from 'pg';

const SERVER = path.join(__dirname, '..', '..', 'test', 'support', 'postgresql-server.js');

/** A PostgreSQL server for one bench. */
export interface Server {
  /**
   * Creates a database.
   * @returns its URL
   */
  create(name: string): Promise<string>;
  /** Runs a statement outside of these databases. */
  run(statement: string): Promise<void>;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
}

/** Starts a PostgreSQL server that ends with this process at the latest. */
export async function startServer(): Promise<Server> {
  const child = spawn(process.execPath, [SERVER], { stdio: ['pipe', 'pipe', 'inherit'] });
  const url = await urlOf(child);
  const run = async (statement: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  return {
    run,
    async create(name) {
      await run(`CREATE DATABASE "${name}"`);
      return new URL(`/${name}`, url).href;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.stdin?.end();
      await ended;
    },
  };
}

async function urlOf({ stdout }: ChildProcess): Promise<string> {
  for await (const line of stdout ?? []) return String(line).trim();
  throw new Error('the PostgreSQL server did not start (see above)');
}
