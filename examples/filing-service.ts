/*
 * A filing service: takes over HTTP what the instruments report, as JSON, and files it. Request bodies follow the schemas
 * ObservationStart, NewRawDataFile (a list) and ObservationEnd; sent again they change nothing.
 *
 *   node dist/examples/filing-service.js 8080
 *   curl -d '{"obsUnitId":1,"startTime":"2026-11-24T03:00:00Z"}' localhost:8080/start
 */
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  fileRawDataFiles,
  finishObservation,
  InvalidInputError,
  initCcatOpsDb,
  OpsDbError,
  readPayload,
  startObservation,
  withDbSession,
} from 'ccat-ops-db';
import type { DataSource, EntityManager } from 'typeorm';

const ROUTES: Readonly<Record<string, (manager: EntityManager, body: unknown) => Promise<unknown>>> = {
  '/start': async (manager, body) => ({
    id: await startObservation(manager, readPayload('ObservationStart', body)),
  }),
  '/files': (manager, body) =>
    fileRawDataFiles(
      manager,
      [body].flat().map((file) => readPayload('NewRawDataFile', file)),
    ),
  '/end': async (manager, body) => ({
    outcome: await finishObservation(manager, readPayload('ObservationEnd', body)),
  }),
};

export function filingService(dataSource: DataSource): Server {
  return createServer(async (request, response) => {
    const reply = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const route = ROUTES[request.url ?? ''];
    if (!route) return reply(404, { message: `known are ${Object.keys(ROUTES).join(', ')}` });
    try {
      const body = JSON.parse(await text(request));
      reply(200, await withDbSession((manager) => route(manager, body), { dataSource }));
    } catch (error) {
      if (error instanceof SyntaxError) reply(400, { message: `the body is not JSON: ${error.message}` });
      else if (error instanceof InvalidInputError) reply(400, { code: error.code, issues: error.issues });
      else if (error instanceof OpsDbError) reply(409, { code: error.code, message: error.message });
      else reply(500, { message: 'not filed; send it again' });
    }
  });
}

async function main(port: number): Promise<void> {
  const { dataSource } = await initCcatOpsDb();
  filingService(dataSource).listen(port);
}

if (require.main === module) void main(Number(process.argv[2] ?? 8080));
