import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Command, InvalidArgumentError } from 'commander';
import { assertSchema } from '../../database/prepare-schema.js';
import { createDataSource } from '../../datasource.js';
import { OpsDbError } from '../../errors.js';
import { visibleLine } from '../../visible.js';
import { servePages } from '../serve/index.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { connected } from './connect.js';
import { endsByItself } from './interrupt.js';
import { seconds } from './seconds.js';

interface Options extends Output {
  readonly host: string;
  readonly port: number;
  readonly watch?: number;
}

/** `opsdb serve`: the pages of nights and of the model, from the database as it is. */
export function serveCommand(): Command {
  return new DatabaseCommand('serve', {
    'opsdb serve': 'at http://127.0.0.1:8080, for this machine alone; Ctrl-C stops',
    'opsdb serve --port 0 --watch 60': 'at a free port; browsers reload each minute',
  })
    .description(
      'Serve the page of each night, and the model at /schema, from the database as it is. Nothing can be changed through it. ' +
        'Everybody who reaches the address sees the pages: by default only this machine.',
    )
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <number>', 'port to listen at; 0 for a free one', port, 8080)
    .option('--watch <seconds>', 'browsers reload the page of a night after this time', seconds)
    .action(serve);
}

async function serve({ host, port, watch, ...output }: Options): Promise<void> {
  const stop = endsByItself();
  await connected(
    async (dataSource) => {
      await assertSchema(dataSource);
      const onError = (error: unknown) =>
        process.stderr.write(`opsdb: ${visibleLine(String((error as Error).stack ?? error))}\n`);
      const server = await servePages(dataSource, { host, port, refreshSeconds: watch, onError }).catch(
        (cause) => {
          throw unusable(host, port, cause);
        },
      );
      const { port: used } = server.address() as AddressInfo;
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${used}/`;
      print({ url }, output, () => `Serving ${url} until Ctrl-C.`);
      if (!stop.signal.aborted) await once(stop.signal, 'abort');
      server.close();
      server.closeAllConnections();
    },
    (options) => createDataSource({ ...options, role: 'read' }),
  );
}

function unusable(host: string, port: number, cause: unknown): OpsDbError {
  return new OpsDbError(
    'argument_invalid',
    `cannot listen at ${host}, port ${port} (${(cause as Error).message}): choose another --port or --host`,
    { cause },
  );
}

function port(text: string): number {
  const value = Number(text);
  if (/^\d{1,5}$/.test(text) && value < 65536) return value;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}
