/**
 * A pool of connections to one of several servers, which the driver itself does not know. It does what libpq does with
 * several hosts and `target_session_attrs`, and looks again at servers that it has known for a while.
 */
import type { Client, ClientConfig, PoolClient, PoolConfig, QueryConfig } from 'pg';
import { LAG_SECONDS } from './lag.js';
import { type Server, type ServerList, Servers } from './servers.js';

type Driver = typeof import('pg');
type Taken = (error: Error | undefined, client?: PoolClient, release?: PoolClient['release']) => void;

/** A connection to one of several servers. */
export interface ChosenServer {
  /** Whether its server is the one to be used, as far as is known, and need not be looked at again. */
  readonly isOfChosenServer: boolean;
}

/** What a server says about itself. */
interface Report {
  readonly replica: boolean;
  readonly readOnly: boolean;
  readonly lagSeconds: number | null;
  /** How often its history was branched off by promotions; null on a replica. */
  readonly timeline: number | null;
}

const REPORT = `
  SELECT pg_is_in_recovery() AS replica,
    pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS "readOnly",
    (${LAG_SECONDS}) AS "lagSeconds",
    CASE WHEN NOT pg_is_in_recovery()
      THEN ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END AS timeline`;

/**
 * The driver with pools whose connections lead to the preferred one of several servers.
 *
 * @param ssl the driver's TLS options for a server
 */
export function driverForServers(
  pg: Driver,
  list: ServerList,
  ssl: (host: string) => ClientConfig['ssl'],
): Driver {
  const servers = new Servers(list);
  const failedAt = new WeakMap<object, Server>();

  class ServerClient extends pg.Client implements ChosenServer {
    isNew = true;
    isLost = false;

    constructor(
      config: PoolConfig,
      readonly server = servers.preferred,
    ) {
      const { host, port } = server;
      // The pool hides the password from whatever copies its options.
      super({ ...config, password: config.password, host, port, ssl: ssl(host) });
      // Whoever uses it learns of a loss from the next statement; while it is looked at nobody listens.
      this.on('error', () => {});
    }

    override connect(): Promise<Client>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<Client> | undefined {
      if (!callback) return super.connect();
      super.connect((error: Error) => {
        if (error) failedAt.set(error, this.server);
        callback(error);
      });
    }

    get isOfChosenServer(): boolean {
      const { server } = this;
      return server === servers.preferred && server.fault === null && !servers.isStale(server);
    }

    /** Looks at the server where that is due, and tells whether it can be used. */
    async isUsable(): Promise<boolean> {
      const { server, isNew } = this;
      if (!isNew && server.fault === null && !servers.isStale(server)) return true;
      await this.look();
      this.isNew = false;
      return server.fault === null && !this.isLost;
    }

    async look(): Promise<void> {
      const { server } = this;
      servers.note(server, server.fault);
      servers.note(server, await this.fault());
    }

    private async fault(): Promise<Error | null> {
      const question: QueryConfig & { query_timeout?: number } = {
        text: REPORT,
        query_timeout: list.checkTimeoutMs,
      };
      try {
        const { rows } = await this.query<Report>(question);
        return faultOf(rows[0] as Report, servers);
      } catch (error) {
        this.isLost = !/timeout/.test((error as Error).message);
        // A connection that broke while nobody used it says nothing about its server.
        return this.isLost && !this.isNew ? this.server.fault : (error as Error);
      }
    }
  }

  class ServerPool extends pg.Pool {
    constructor(config: PoolConfig) {
      super(Object.assign(config, { Client: ServerClient }));
    }

    override connect(): Promise<PoolClient>;
    override connect(callback: Taken): void;
    override connect(callback?: Taken): Promise<PoolClient> | undefined {
      const taken = this.take();
      if (!callback) return taken;
      taken.then(
        (client) => callback(undefined, client, client.release),
        (error) => callback(error, undefined, () => {}),
      );
    }

    private async take(): Promise<PoolClient> {
      // Otherwise all who try again would keep the servers from coming up.
      if (servers.areKnownUnusable) throw servers.noneUsable();
      // A primary is not gone back to as long as there is another one.
      if (list.kind !== 'read-write') for (const server of servers.leftOut) void this.lookAgainAt(server);
      for (const failed = new Set<Server>(); failed.size < servers.all.length; ) {
        const client = await this.connection().catch((error) => failed.add(failedServer(error)) && null);
        if (!client) continue;
        const isPreferred = client.server === servers.preferred;
        if (isPreferred && (await client.isUsable())) return client;
        if (isPreferred && client.server.fault) failed.add(client.server);
        client.release(true);
      }
      throw servers.noneUsable();
    }

    private async connection(): Promise<ServerClient & PoolClient> {
      return (await super.connect()) as ServerClient & PoolClient;
    }

    /** Takes a server back that is usable again. Nobody waits for it: where a server is off that takes its time. */
    private async lookAgainAt(server: Server): Promise<void> {
      servers.note(server, server.fault);
      const client = new ServerClient(this.options, server);
      try {
        await client.connect();
        await client.look();
      } catch (error) {
        servers.note(server, error as Error);
      } finally {
        await client.end().catch(() => {});
      }
    }
  }

  function failedServer(error: Error): Server {
    const server = failedAt.get(error) ?? failedAt.get(Object(error.cause));
    if (!server) throw error;
    servers.note(server, error);
    return server;
  }

  return Object.create(pg, { Pool: { value: ServerPool }, native: { value: null } });
}

function faultOf({ replica, readOnly, lagSeconds, timeline }: Report, servers: Servers): Error | null {
  const { kind, maxLagMs } = servers.list;
  if (kind === 'read-write' && readOnly) return new Error('takes no writes');
  if (kind === 'read-write' && servers.isReplaced(timeline))
    return new Error('is a primary that was replaced: another one has been promoted since');
  if (kind === 'standby' && !replica) return new Error('is not a replica');
  if (maxLagMs === 0 || !replica) return null;
  if (lagSeconds === null) return new Error('does not know how far it is behind');
  if (lagSeconds * 1000 <= maxLagMs) return null;
  return new Error(
    `is ${Math.round(lagSeconds * 1000)} ms behind, more than ${maxLagMs} ms ` +
      '(database_postgresql_read_max_lag_ms, CCAT_OPS_DB_DATABASE_POSTGRESQL_READ_MAX_LAG_MS)',
  );
}
