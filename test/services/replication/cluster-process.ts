/**
 * A primary and its streaming replicas, run as a process of its own. It takes orders from the process that forked it,
 * and when that one is gone, for whatever reason, the servers stop and their folder goes.
 */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  copyFor,
  freePort,
  initialise,
  type Programs,
  programsFor,
  startServer,
} from '../../support/postgresql-programs.js';

/** What the forking process sends. The primary is number 0. */
export interface Order {
  readonly id: number;
  readonly server: number;
  /** Starts the server, or ends it with this signal. */
  readonly act: 'start' | NodeJS.Signals;
}

/** What is sent back once the servers run, and after each order. */
export interface Answer {
  readonly id?: number;
  readonly error?: string;
  readonly ports?: readonly number[];
  readonly password?: string;
}

/** Replicas look for their primary often. */
const SETTINGS = ['wal_keep_size=256MB', 'wal_retrieve_retry_interval=100ms'];

interface Member {
  readonly data: string;
  readonly port: number;
  process?: ChildProcess;
}

async function main(replicas: number): Promise<void> {
  const ended = once(process, 'disconnect');
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
  const members: Member[] = [];
  try {
    const programs = await programsFor(folder);
    const password = randomUUID();
    const primary: Member = { data: initialise(programs, folder, password), port: await freePort() };
    members.push(primary);
    for (let number = 1; number <= replicas; number++)
      members.push(await replicaOf(primary, programs, path.join(folder, `replica-${number}`), password));
    for (const member of members) await act(programs, member, 'start');
    process.on('message', (order: Order) => {
      act(programs, members[order.server] as Member, order.act).then(
        () => answer({ id: order.id }),
        (error: Error) => answer({ id: order.id, error: error.message }),
      );
    });
    answer({ ports: members.map(({ port }) => port), password });
    await ended;
  } finally {
    await Promise.all(members.map((member) => stop(member, 'SIGQUIT')));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The data of the primary, which must not run, as those of a server that follows it. */
async function replicaOf(primary: Member, { as }: Programs, data: string, password: string): Promise<Member> {
  copyFor(as, primary.data, data);
  const address = `host=127.0.0.1 port=${primary.port} user=postgres password=${password}`;
  appendFileSync(path.join(data, 'postgresql.auto.conf'), `primary_conninfo = '${address}'\n`);
  writeFileSync(path.join(data, 'standby.signal'), '');
  return { data, port: await freePort() };
}

async function act(programs: Programs, member: Member, what: Order['act']): Promise<void> {
  if (what !== 'start') return stop(member, what);
  member.process = await startServer(programs, member.data, member.port, SETTINGS);
}

async function stop({ process: server }: Member, signal: NodeJS.Signals): Promise<void> {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  server.kill(signal);
  await gone;
}

function answer(message: Answer): void {
  if (process.connected) process.send?.(message);
}

main(Number(process.argv[2])).then(
  () => process.exit(),
  (error: Error) => {
    answer({ error: error.message });
    process.exit(1);
  },
);
