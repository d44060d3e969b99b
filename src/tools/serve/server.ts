import { createServer, type IncomingMessage, type Server } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { DataSource } from 'typeorm';
import { type Answer, message, pageOf, pageOfError } from './pages.js';

/** Options of {@link servePages}. */
export interface ServeOptions {
  /** Address to listen at. */
  readonly host: string;
  /** Port to listen at; 0 for one that is free. */
  readonly port: number;
  /** Seconds after which a browser asks for a page of a night again; by default it does not. */
  readonly refreshSeconds?: number;
  /** Called with an error that occurred while a page was made. */
  readonly onError?: (error: unknown) => void;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Serves the pages of nights and of the model from the current state of the database. Nothing can be changed through
 * it.
 * @returns the server, which listens
 */
export async function servePages(
  dataSource: DataSource,
  { host, port, refreshSeconds, onError }: ServeOptions,
): Promise<Server> {
  const answerOf = async (request: IncomingMessage): Promise<Answer> => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return message(405, 'Pages are only read', 'Nothing can be changed here.');
    if (isLoopback(host) && !isNameOfLoopback(request.headers.host ?? ''))
      return message(421, 'This is not the name of the server', 'Ask for it as localhost.');
    return pageOf(dataSource, (request.url ?? '/').split('?')[0] as string, refreshSeconds);
  };
  const server = createServer(async (request, response) => {
    const { status, body } = await answerOf(request).catch((error: unknown) => {
      onError?.(error);
      return pageOfError(error);
    });
    response.writeHead(status, HEADERS);
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => resolve());
  });
  return server;
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
} as const;

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const version = isIP(host);
  return version !== 0 && LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Protects against DNS rebinding: a page of another site could use a host name that resolves to this machine, and read
 * the responses.
 */
function isNameOfLoopback(name: string): boolean {
  return isLoopback(name.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1'));
}
