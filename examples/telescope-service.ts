/*
 * A service at the telescope: takes over HTTP what the instruments report, as JSON, whether the link to the primary is up or
 * not. It answers when the report is on the local disk, and sends it when it can.
 *
 *   node dist/examples/telescope-service.js 8080 /var/lib/ccat/spool.sqlite
 *   curl -d '{"obsUnitId":1,"startTime":"2026-11-24T03:00:00Z"}' localhost:8080/start
 *   curl 'localhost:8080/night?of=2026-11-23'
 */
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  createDataSource,
  InvalidInputError,
  OpsDbError,
  openSpool,
  readPayload,
  type Spool,
  withSpool,
} from 'ccat-ops-db';
import type { DataSource } from 'typeorm';

type Route = (spool: Spool, body: unknown) => Promise<unknown>;

const ROUTES: Readonly<Record<string, Route>> = {
  '/start': async (spool, body) => ({
    id: await spool.startObservation(readPayload('ObservationStart', body)),
  }),
  '/files': (spool, body) =>
    spool.fileRawDataFiles([body].flat().map((file) => readPayload('NewRawDataFile', file))),
  '/package': (spool, body) => spool.fileRawDataPackage(readPayload('NewRawDataPackage', body)),
  '/end': (spool, body) => spool.finishObservation(readPayload('ObservationEnd', body)),
  '/conditions': (spool, body) => spool.noteConditions(readPayload('ObservationConditions', body)),
};

/** @param replica the database at the site, which may be behind */
export function telescopeService(spool: Spool, replica: DataSource): Server {
  return createServer(async (request, response) => {
    const reply = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    try {
      if (pathname === '/spool') return reply(200, spool.status());
      if (pathname === '/night') {
        const observingNight = searchParams.get('of') ?? '';
        return reply(200, await withSpool(replica, spool).executions({ observingNight }));
      }
      const route = ROUTES[pathname];
      if (!route)
        return reply(404, { message: `known are ${Object.keys(ROUTES).join(', ')}, /night, /spool` });
      reply(200, await route(spool, JSON.parse(await text(request))));
    } catch (error) {
      if (error instanceof SyntaxError) reply(400, { message: `the body is not JSON: ${error.message}` });
      else if (error instanceof InvalidInputError) reply(400, { code: error.code, issues: error.issues });
      else if (error instanceof OpsDbError) reply(409, { code: error.code, message: error.message });
      else reply(500, { message: 'not noted; send it again' });
    }
  });
}

async function main(port: number, path: string): Promise<void> {
  const spool = openSpool({ path });
  const stop = new AbortController();
  const replica = await createDataSource({ role: 'read' }).initialize();
  const server = telescopeService(spool, replica).listen(port);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // The primary need not be there when the service starts.
  await spool.forward({ dataSource: createDataSource(), signal: stop.signal });
  server.close();
  spool.close();
  await replica.destroy();
}

if (require.main === module) void main(Number(process.argv[2] ?? 8080), process.argv[3] ?? 'spool.sqlite');
