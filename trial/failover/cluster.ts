import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSettings, type Settings } from '../../src/settings/index.js';
import { connect, Machine, remove } from './network.js';
import { postgresqlPrograms } from './programs.js';

/** Patroni's times [s]: a leader without a sign of life for `ttl` is replaced. */
const TIMES = { ttl: 15, loop_wait: 2, retry_timeout: 5 };
/** Patroni lets no replica lead that is further behind [bytes], by its default. */
const LARGEST_LAG = 1_048_576;
/** Limits of the clients [ms]. */
const LIMITS = { connectTimeoutMs: 2000, checkIntervalMs: 500 };
const PATIENCE_MS = 180_000;

/** The state of a server by Patroni. */
interface Member {
  readonly name: string;
  readonly role: 'leader' | 'replica' | 'sync_standby';
  readonly state: string;
  /** How far a replica is behind [bytes]; a text where that is not known. */
  readonly lag?: number | string;
}

/** Three PostgreSQL under Patroni, and etcd, each on a machine of its own. */
export class Cluster {
  private constructor(
    readonly servers: readonly Machine[],
    readonly etcd: Machine,
    private readonly isSynchronous: boolean,
  ) {}

  static async run<T>(isSynchronous: boolean, work: (cluster: Cluster) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-trial-'));
    chmodSync(folder, 0o755);
    const etcd = etcdIn(folderFor(folder, 'etcd'));
    const servers = ['n1', 'n2', 'n3'].map((name, index) =>
      serverIn(folderFor(folder, name), { name, number: index + 1 }, etcd, isSynchronous),
    );
    const cluster = new Cluster(servers, etcd, isSynchronous);
    const machines = [etcd, ...servers];
    const tidy = () => {
      remove(machines);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    };
    process.once('exit', tidy);
    try {
      connect(machines);
      for (const machine of machines) machine.start();
      await cluster.isWhole();
      return await work(cluster);
    } finally {
      process.removeListener('exit', tidy);
      tidy();
    }
  }

  /** Settings that connect to the primary, and to the replicas for reading. */
  get settings(): Settings {
    const settings = loadSettings({ cwd: path.parse(__dirname).root, env: {}, warn: () => {} });
    const [first, ...others] = this.servers.map(({ address }) => address);
    const login = { user: 'postgres', password: '', database: 'postgres', poolSize: 3 };
    const where = { host: first as string, port: 5432, otherHosts: others };
    const postgresql = { ...settings.postgresql, ...login, ...where, ...LIMITS };
    return { ...settings, databaseType: 'postgresql', postgresql };
  }

  /** Waits until all servers run, and all replicas follow the leader; in synchronous mode one of them with each commit. */
  async isWhole(): Promise<void> {
    await until('the cluster is whole', async () => {
      const members = await this.members();
      const follow = members.filter(
        ({ role, state, lag }) =>
          role !== 'leader' && /running|streaming/.test(state) && Number(lag) < LARGEST_LAG,
      );
      const isSafe = !this.isSynchronous || members.some(({ role }) => role === 'sync_standby');
      return members.some(isLeading) && follow.length === this.servers.length - 1 && isSafe;
    });
  }

  async leader(): Promise<Machine> {
    return this.machine(isLeading);
  }

  /** A replica; in synchronous mode the one that commits wait for. */
  async replica(): Promise<Machine> {
    return this.machine(({ role }) => role === (this.isSynchronous ? 'sync_standby' : 'replica'));
  }

  /** Waits until another server leads than the given one. */
  async leaderOtherThan(old: Machine): Promise<void> {
    await until('another server leads', async () =>
      (await this.members(old)).some((member) => isLeading(member) && member.name !== old.name),
    );
  }

  async switchOver(): Promise<void> {
    const leader = await this.leader();
    const response = await fetch(`http://${leader.address}:8008/switchover`, {
      method: 'POST',
      body: JSON.stringify({ leader: leader.name }),
      signal: AbortSignal.timeout(60_000),
    });
    if (!response.ok) throw new Error(`no switch-over: ${await response.text()}`);
  }

  private async machine(is: (member: Member) => boolean): Promise<Machine> {
    const member = (await this.members()).find(is);
    return this.servers.find(({ name }) => name === member?.name) as Machine;
  }

  /** The members, from the first server that answers. @param but a server that is not asked */
  private async members(but?: Machine): Promise<Member[]> {
    for (const server of this.servers) {
      if (server === but) continue;
      const signal = AbortSignal.timeout(2000);
      const answer = await fetch(`http://${server.address}:8008/cluster`, { signal }).catch(() => undefined);
      const { members } = ((await answer?.json().catch(() => undefined)) ?? {}) as { members?: Member[] };
      if (members?.some(isLeading)) return members;
    }
    return [];
  }
}

function isLeading({ role, state }: Member): boolean {
  return role === 'leader' && state === 'running';
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(200)) if (await holds()) return;
  throw new Error(`within ${PATIENCE_MS / 1000} s this did not come true: ${what}`);
}

function etcdIn(folder: string): Machine {
  const number = 9;
  const address = `198.18.99.${number}`;
  const urls = ['--listen-client-urls', '--advertise-client-urls'].flatMap((flag) => [
    flag,
    `http://${address}:2379`,
  ]);
  const data = ['--data-dir', path.join(folder, 'data'), '--unsafe-no-fsync'];
  return new Machine('etcd', number, ['etcd', ...urls, ...data], path.join(folder, 'log'));
}

function serverIn(
  folder: string,
  { name, number }: { readonly name: string; readonly number: number },
  etcd: Machine,
  isSynchronous: boolean,
): Machine {
  const file = path.join(folder, 'patroni.yml');
  const machine = new Machine(name, number, ['patroni', file], path.join(folder, 'log'));
  const { address } = machine;
  const configuration = {
    scope: 'trial',
    name,
    restapi: { listen: `${address}:8008`, connect_address: `${address}:8008` },
    etcd3: { host: `${etcd.address}:2379` },
    bootstrap: {
      dcs: {
        ...TIMES,
        failsafe_mode: true,
        synchronous_mode: isSynchronous,
        postgresql: { use_pg_rewind: true, parameters: { fsync: 'off', max_connections: 100 } },
      },
      initdb: ['data-checksums', { encoding: 'UTF8' }, { locale: 'C' }],
      pg_hba: ['all', 'replication'].map((database) => `host ${database} all 198.18.99.0/24 trust`),
    },
    postgresql: {
      listen: `${address}:5432`,
      connect_address: `${address}:5432`,
      data_dir: path.join(folder, 'data'),
      bin_dir: postgresqlPrograms(),
      pgpass: path.join(folder, 'pgpass'),
      remove_data_directory_on_rewind_failure: true,
      remove_data_directory_on_diverged_timelines: true,
      parameters: { unix_socket_directories: folder },
      authentication: {
        superuser: { username: 'postgres', password: 'trial' },
        replication: { username: 'replicator', password: 'trial' },
      },
    },
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration));
  return machine;
}

/** A folder that belongs to the user `postgres`. */
function folderFor(parent: string, name: string): string {
  const folder = path.join(parent, name);
  mkdirSync(folder, { mode: 0o755 });
  const { uid, gid } = statSync('/var/lib/postgresql');
  chownSync(folder, uid, gid);
  return folder;
}
