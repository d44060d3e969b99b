import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/** A server on loopback that passes everything on to another one, each way after half of the delay. */
export class DelayingProxy {
  /** Round trip time [ms]. */
  delayMs = 0;

  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client: Socket) => this.pass(client));
  }

  /**
   * Listens on a free port.
   * @param url of the database; what is behind its authority stays
   */
  static async start(url: string): Promise<DelayingProxy> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DelayingProxy(server, new URL(url));
  }

  /** The URL of the database by way of this proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }

  private pass(client: Socket): void {
    const server = connect({ host: this.target.hostname, port: Number(this.target.port), noDelay: true });
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      // The other end is informed by the close.
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
    }
    // The kernel has accepted the connection at once: its round trip is made up for here.
    const accepted = performance.now() + this.delayMs;
    this.passLater(client, server, accepted);
    this.passLater(server, client, accepted);
  }

  /** Keeps the order of the data, also when the delay changes. */
  private passLater(from: Readable, to: Writable & { destroySoon(): void }, notBefore: number): void {
    const queue: { readonly due: number; readonly data: Buffer | null }[] = [];
    const passDue = () => {
      while (queue[0] && queue[0].due <= performance.now()) {
        const { data } = queue.shift() as { data: Buffer | null };
        if (data) to.write(data);
        else to.destroySoon();
      }
      // Timers have whole milliseconds.
      if (queue[0]) setTimeout(passDue, Math.max(0, queue[0].due - performance.now()));
    };
    const later = (data: Buffer | null) => {
      const due = Math.max(performance.now(), notBefore) + this.delayMs / 2;
      if (queue.push({ due, data }) === 1) setTimeout(passDue, due - performance.now());
    };
    from.on('data', later);
    from.on('close', () => later(null));
  }
}
