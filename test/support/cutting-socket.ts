import { Socket } from 'node:net';
import type { DataSource } from 'typeorm';

/** Where the next request or its answer is cut off; otherwise the bytes of both are counted. */
export interface Cut {
  /** Bytes that still reach the server. */
  afterSent?: number;
  /** Bytes of the answer that still arrive. */
  afterReceived?: number;
  sent: number;
  received: number;
}

/** Lets a test cut the connections of a data source at any byte; to be called before it is connected. */
export function cuttable({ options }: DataSource): Cut {
  const cut: Cut = { sent: 0, received: 0 };
  const { extra } = options as { extra: Record<string, unknown> };
  extra.stream = () => new CuttingSocket(cut);
  return cut;
}

class CuttingSocket extends Socket {
  constructor(private readonly cut: Cut) {
    super();
  }

  /** Node assigns its own `write` to the socket, which would hide the override. */
  override connect(...given: never[]): this {
    super.connect(...(given as [never]));
    Reflect.deleteProperty(this, 'write');
    return this;
  }

  override write(given: string | Uint8Array, ...more: never[]): boolean {
    const { cut } = this;
    const data = Buffer.from(given as Uint8Array);
    const left = cut.afterSent === undefined ? data.length : cut.afterSent - cut.sent;
    cut.sent += data.length;
    if (data.length <= left) return super.write(data, ...more);
    // Sends the remaining bytes before the end.
    this.uncork();
    this.end(data.subarray(0, Math.max(left, 0)));
    setImmediate(() => this.destroy());
    return false;
  }

  override emit(event: string | symbol, ...given: unknown[]): boolean {
    if (event !== 'data') return super.emit(event, ...given);
    const { cut } = this;
    const data = given[0] as Buffer;
    const left = cut.afterReceived === undefined ? data.length : cut.afterReceived - cut.received;
    cut.received += data.length;
    if (data.length <= left) return super.emit(event, data);
    if (left > 0) super.emit(event, data.subarray(0, left));
    this.destroy();
    return true;
  }
}
