import type { Settings } from '../../settings/index.js';
import type { Handle } from '../connection-loss.js';
import { type Endpoint, endpointOf, endpointText, type ServerList } from './servers.js';

type Postgresql = Settings['postgresql'];

/** The login of a handle: that of the write handle where the settings give the read handle none. */
export function loginOf(settings: Postgresql, role: Handle['role']): { user: string; password: string } {
  const { user, password, readUser, readPassword } = settings;
  return role === 'write'
    ? { user, password }
    : { user: readUser ?? user, password: readPassword ?? password };
}

/** A handle by name and servers. */
export function handleOf(settings: Postgresql, role: Handle['role'] = 'write'): Handle {
  const servers = endpointsOf(settings, role).map(endpointText).join(', ');
  return { role, servers, isPooled: settings.pooler === 'transaction', schema: settings.schema };
}

/** The servers of a handle where it may use several; undefined where there is no choice. */
export function serverListOf(settings: Postgresql, role: Handle['role']): ServerList | undefined {
  const { readHosts, readTargetSessionAttrs, readMaxLagMs, checkIntervalMs, connectTimeoutMs } = settings;
  const replicas = role === 'read' && readHosts.length > 0;
  if (!replicas && settings.otherHosts.length === 0) return undefined;
  const kind = replicas ? readTargetSessionAttrs : 'any';
  return {
    endpoints: endpointsOf(settings, role),
    kind: role === 'write' ? 'read-write' : kind,
    maxLagMs: replicas ? readMaxLagMs : 0,
    checkIntervalMs,
    checkTimeoutMs: connectTimeoutMs,
  };
}

function endpointsOf({ host, port, otherHosts, readHosts }: Postgresql, role: Handle['role']): Endpoint[] {
  const listed = (hosts: readonly string[]) => hosts.map((text) => endpointOf(text, port));
  return role === 'read' && readHosts.length > 0
    ? listed(readHosts)
    : [{ host, port }, ...listed(otherHosts)];
}
