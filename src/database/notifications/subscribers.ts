import type { Channel, Heard } from './index.js';

/** The subscribers of all channels. */
export class Subscribers {
  private readonly byChannel = new Map<string, Set<Heard>>();

  get size(): number {
    return [...this.byChannel.values()].reduce((sum, { size }) => sum + size, 0);
  }

  add(channel: Channel, heard: Heard): void {
    const known = this.byChannel.get(channel) ?? new Set();
    this.byChannel.set(channel, known.add(heard));
  }

  remove(channel: Channel, heard: Heard): void {
    this.byChannel.get(channel)?.delete(heard);
  }

  tell(channel: string, row?: string): void {
    for (const heard of this.byChannel.get(channel) ?? []) heard(row);
  }

  /** Something unknown may have changed. */
  tellAll(): void {
    for (const channel of this.byChannel.keys()) this.tell(channel);
  }
}
