import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Data on a connection, and their sender. */
export interface Piece {
  readonly from: 'client' | 'server';
  readonly text: string;
}

/** A server on loopback that passes everything on to PostgreSQL until it swallows a piece: that connection is silent from then on. */
export class SwallowingProxy {
  /** Which pieces are swallowed; at first none. */
  swallows: (piece: Piece) => boolean = () => false;

  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client: Socket) => this.pass(client));
  }

  /** Listens on a free port of the loopback address. */
  static async start(target: SwallowingProxy['target']): Promise<SwallowingProxy> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SwallowingProxy(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(client: Socket): void {
    const server = connect({ ...this.target, noDelay: true });
    let isSilent = false;
    const link = (source: Socket, sink: Socket, from: Piece['from']) => {
      this.sockets.add(source);
      source.on('error', () => {});
      source.on('data', (data) => {
        isSilent ||= this.swallows({ from, text: data.toString('latin1') });
        if (!isSilent) sink.write(data);
      });
      source.on('close', () => {
        this.sockets.delete(source);
        if (!isSilent) sink.destroy();
      });
    };
    link(client, server, 'client');
    link(server, client, 'server');
  }
}
