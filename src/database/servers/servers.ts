import { OpsDbError } from '../../errors.js';

/** Where a PostgreSQL server listens. */
export interface Endpoint {
  /** A name, an address, or the folder of its socket. */
  readonly host: string;
  readonly port: number;
}

/** Several servers that one handle may use. */
export interface ServerList {
  /** The servers, the preferred one first. */
  readonly endpoints: readonly Endpoint[];
  /** `read-write`: a server that takes writes; `standby`: a replica; `any`: whichever answers. */
  readonly kind: 'read-write' | 'standby' | 'any';
  /** How far a replica may be behind [ms]; 0 for no limit. */
  readonly maxLagMs: number;
  /** How long what is known about a server is taken for true [ms]. */
  readonly checkIntervalMs: number;
  /** How long a server may take for an answer about itself [ms]; 0 for no limit. */
  readonly checkTimeoutMs: number;
}

/** One server of a list, and what is known about it. */
export interface Server extends Endpoint {
  /** Why it cannot be used; null where nothing speaks against it. */
  fault: Error | null;
  /** When it was looked at last [ms since 1970]. */
  checkedAt: number;
}

/**
 * Reads `host`, `host:port`, `[address]` or `[address]:port`.
 *
 * @param port the port where none is given
 */
export function endpointOf(text: string, port: number): Endpoint {
  const [, bracketed, plain, own] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? [];
  return { host: bracketed ?? plain ?? text, port: own === undefined ? port : Number(own) };
}

/** `host:port`, for messages. */
export function endpointText({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The servers of a handle: which one is to be used, and which are left out for now. */
export class Servers {
  readonly all: readonly Server[];

  private newestTimeline = 0;

  constructor(readonly list: ServerList) {
    this.all = list.endpoints.map((endpoint) => ({ ...endpoint, fault: null, checkedAt: 0 }));
  }

  /** The first that nothing speaks against; where there is none, the one that was looked at longest ago. */
  get preferred(): Server {
    const [oldest] = this.all.toSorted((a, b) => a.checkedAt - b.checkedAt);
    return this.all.find(({ fault }) => fault === null) ?? (oldest as Server);
  }

  /** Those before the preferred one that it is time to look at again. */
  get leftOut(): Server[] {
    const before = this.all.slice(0, this.all.indexOf(this.preferred));
    return before.filter((server) => this.isStale(server));
  }

  /** Whether none can be used, and it is not time yet to look again. */
  get areKnownUnusable(): boolean {
    return this.all.every((server) => server.fault !== null && !this.isStale(server));
  }

  /** Whether it is time to look at a server again. */
  isStale({ checkedAt }: Server): boolean {
    return Date.now() - checkedAt >= this.list.checkIntervalMs;
  }

  /** Whether a primary with a later timeline was seen: what is written to this one would be lost. */
  isReplaced(timeline: number | null): boolean {
    this.newestTimeline = Math.max(this.newestTimeline, timeline ?? 0);
    return timeline !== null && timeline < this.newestTimeline;
  }

  /** Notes what was found when a server was looked at. */
  note(server: Server, fault: Error | null): void {
    server.fault = fault;
    server.checkedAt = Date.now();
  }

  /** What to throw when none can be used. */
  noneUsable(): OpsDbError {
    const faults = this.all.map((server) => `\n  ${endpointText(server)}: ${reason(server.fault)}`);
    const refused = this.all.every(({ fault }) => isLoginError(fault));
    const [handle, hosts, login] =
      this.list.kind === 'read-write'
        ? [
            'write',
            'database_postgresql_host and database_postgresql_other_hosts',
            'database_postgresql_user',
          ]
        : ['read', 'database_postgresql_read_hosts', 'database_postgresql_read_user'];
    return new OpsDbError(
      refused ? 'database_login_failed' : 'database_unreachable',
      `none of the servers of the ${handle} handle can be used; ` +
        `mend one of them, or change ${refused ? `${login} and its password` : hosts}:${faults.join('')}`,
      { cause: this.preferred.fault },
    );
  }
}

function reason(fault: Error | null): string {
  if (fault === null) return 'not tried';
  // A name with several addresses fails with one error for each of them.
  const parts = (fault as AggregateError).errors as Error[] | undefined;
  return fault.message || (parts ?? []).map(({ message }) => message).join('; ') || fault.name;
}

function isLoginError(fault: Error | null): boolean {
  const { code } = (fault ?? {}) as { code?: string };
  return code === '28P01' || code === '28000';
}
