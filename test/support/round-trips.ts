import { Socket } from 'node:net';
import type { DataSource } from 'typeorm';

/** How often something was sent and an answer waited for. */
export interface RoundTrips {
  count: number;
}

/**
 * Counts the round trips of all connections that a data source opens from now on; to be called before it is connected.
 * Data that are sent while an answer is on its way belong to the same round trip.
 */
export function countRoundTrips({ options }: DataSource): RoundTrips {
  const trips = { count: 0 };
  const { extra } = options as { extra: Record<string, unknown> };
  extra.stream = countingStream(trips);
  // On a slow machine a connection may be idle for so long that the pool closes it, and a call would log in anew.
  extra.idleTimeoutMillis = 0;
  return trips;
}

/** Creates the sockets of connections whose round trips are counted. */
export function countingStream(trips: RoundTrips): () => Socket {
  return () => new CountingSocket(trips);
}

/** A socket that parses the messages to and from a PostgreSQL server. */
class CountingSocket extends Socket {
  /** Requests without an answer yet. */
  private open = 0;
  /** COPY statements whose end was sent before the server has asked for their rows. */
  private copiesAhead = 0;
  private isWaiting = false;
  private hasBegun = false;
  private readonly sent = new MessageReader((type) => this.onSent(type));
  private readonly received = new MessageReader((type) => this.onReceived(type));

  constructor(private readonly trips: RoundTrips) {
    super();
    this.on('data', (data: Buffer) => this.received.read(data));
  }

  /** Node puts its own `write` in the way of another one. */
  override connect(...given: never[]): this {
    super.connect(...(given as [never]));
    Reflect.deleteProperty(this, 'write');
    return this;
  }

  override write(data: string | Uint8Array, ...more: never[]): boolean {
    if (!this.isWaiting) this.trips.count += 1;
    this.isWaiting = true;
    // The first message, with which a session begins, has no type.
    if (this.hasBegun) this.sent.read(Buffer.from(data as Uint8Array));
    else this.open += 1;
    this.hasBegun = true;
    return super.write(data, ...more);
  }

  private onSent(type: string): void {
    if (type === 'S' || type === 'Q') this.open += 1;
    if (type === 'c') this.copiesAhead += 1;
  }

  private onReceived(type: string): void {
    if (type === 'Z') this.open -= 1;
    if (type === 'Z' && this.open === 0) this.isWaiting = false;
    if (type === 'R') this.isWaiting = false;
    if (type !== 'G') return;
    if (this.copiesAhead === 0) this.isWaiting = false;
    else this.copiesAhead -= 1;
  }
}

const HEADER = 5;

/** Finds the types of messages that arrive in pieces. */
class MessageReader {
  private header = Buffer.alloc(0);
  private toSkip = 0;

  constructor(private readonly onType: (type: string) => void) {}

  read(piece: Buffer): void {
    for (let rest = piece; rest.length > 0; ) {
      const skipped = Math.min(this.toSkip, rest.length);
      this.toSkip -= skipped;
      rest = rest.subarray(skipped);
      const missing = Math.min(HEADER - this.header.length, rest.length);
      this.header = Buffer.concat([this.header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (this.header.length < HEADER) return;
      this.toSkip = this.header.readUInt32BE(1) - 4;
      this.onType(String.fromCharCode(this.header[0] as number));
      this.header = Buffer.alloc(0);
    }
  }
}
