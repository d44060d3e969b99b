/**
 * A silent server: its machine hangs, or the link drops packets. TCP detects that after a quarter of an hour; here a second
 * connection asks for the state of the first.
 */
import type { Socket } from 'node:net';
import type { Client, ClientConfig } from 'pg';

type Driver = typeof import('pg');

/** Internals of the driver's client. */
interface Inside {
  readonly _ending: boolean;
  readonly readyForQuery: boolean;
  readonly processID: number;
  readonly connection: { readonly stream: Socket };
}

/** The state of a connection as a second one reports it. */
type Finding = 'works' | 'waits for the client' | 'not found' | 'unreachable';

/** A proxy may lead the second connection to another server, which does not know the first one. */
const LOOKS_UNTIL_LOST: Readonly<Record<Finding, number>> = {
  works: Number.POSITIVE_INFINITY,
  'waits for the client': 1,
  'not found': 3,
  unreachable: 1,
};

const EXPLANATION: Readonly<Record<Finding, string>> = {
  works: '',
  'waits for the client': ': it waits for the client, so that the link has lost what was sent',
  'not found': ': it has closed the connection, and the link has lost what was sent',
  unreachable: ', and cannot be reached by another connection',
};

const ACTIVITY = `
  SELECT pg_backend_pid() AS own,
    (SELECT state IS DISTINCT FROM 'disabled' AND (state <> 'active' OR wait_event_type IS NOT DISTINCT FROM 'Client')
      FROM pg_stat_activity
      WHERE pid = $1 AND usename = current_user AND datname = current_database()) AS waits`;

/**
 * The driver with connections that are given up when the server is silent: while a statement runs and nothing was sent
 * or received for the limit, the server is asked whether it works on it, and has as much time again to answer.
 *
 * @param limitMs 0 for no limit
 */
export function driverForSilentServers(pg: Driver, limitMs: number): Driver {
  if (limitMs === 0) return pg;

  class WatchedClient extends pg.Client {
    constructor(config: ClientConfig) {
      super(config);
      // The pool hides the password from whatever copies its options.
      const limits = { connectionTimeoutMillis: limitMs, query_timeout: limitMs };
      const second = () => new pg.Client({ ...config, password: config.password, ...limits });
      this.once('connect', () => new Watch(this, second, limitMs));
    }
  }

  return Object.create(pg, { Client: { value: WatchedClient }, native: { value: null } });
}

/** The socket counts the time since something went through it, in either direction. */
class Watch {
  private readonly stream: Socket;
  private last: Finding = 'works';
  private looks = 0;

  constructor(
    private readonly client: Client,
    private readonly newSecond: () => Client,
    private readonly limitMs: number,
  ) {
    this.stream = inside(client).connection.stream;
    this.stream.on('timeout', () => void this.look());
    this.stream.setTimeout(limitMs);
  }

  private async look(): Promise<void> {
    const { stream, client, limitMs } = this;
    // Otherwise the process would wait for the server to close the connection, too.
    if (inside(client)._ending) stream.destroy();
    const { bytesRead } = stream;
    const isSilent = () =>
      !stream.destroyed && !inside(client).readyForQuery && stream.bytesRead === bytesRead;
    if (!isSilent()) return;
    const finding = await this.ask(isSilent);
    this.looks = finding === this.last ? this.looks + 1 : 1;
    this.last = finding;
    if (isSilent() && this.looks >= LOOKS_UNTIL_LOST[finding]) stream.destroy(silence(limitMs, finding));
    else stream.setTimeout(limitMs);
  }

  private async ask(isSilent: () => boolean): Promise<Finding> {
    const second = this.newSecond();
    second.on('error', () => {});
    try {
      await second.connect();
      const { processID } = inside(this.client);
      const finding = await findingOf(second, processID);
      // The locks of the session would block the next attempt.
      if (finding === 'waits for the client' && isSilent())
        await second.query('SELECT pg_terminate_backend($1)', [processID]).catch(() => {});
      return finding;
    } catch (error) {
      // A server that refuses the login is there.
      return 'severity' in (error as Error) ? 'works' : 'unreachable';
    } finally {
      inside(second).connection.stream.destroy();
    }
  }
}

async function findingOf(second: Client, processID: number): Promise<Finding> {
  // A busy pooler delays the question.
  const { rows } = await second.query(ACTIVITY, [processID]).catch(() => ({ rows: [] }));
  const [answer] = rows as { own: number; waits: boolean | null }[];
  // A pooler gives its clients process numbers of its own.
  if (!answer || answer.own !== inside(second).processID) return 'works';
  if (answer.waits === null) return 'not found';
  return answer.waits ? 'waits for the client' : 'works';
}

function silence(limitMs: number, finding: Finding): Error {
  const error = new Error(`the server was silent for more than ${limitMs} ms${EXPLANATION[finding]}`);
  return Object.assign(error, { code: 'ETIMEDOUT' });
}

function inside(client: Client): Inside {
  return client as unknown as Inside;
}
