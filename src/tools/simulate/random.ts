import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** The purpose of a draw: the same name gives the same number. */
type Name = readonly (string | number)[];

/**
 * Random numbers that do not depend on the order of the draws: each is the SHA-256 of the seed and the name of the
 * draw. So workers need no common state, and an interrupted simulation draws the same numbers again.
 */
export class Random {
  constructor(private readonly seed: string) {}

  /** A number from 0 to below 1, uniformly distributed. */
  roll(...name: Name): number {
    return this.digest(name).readUIntBE(0, 6) / 2 ** 48;
  }

  /** Whether something happens that has this probability. */
  happens(probability: number, ...name: Name): boolean {
    return this.roll(...name) < probability;
  }

  /** One of the items, with probabilities proportional to their weights. */
  pick<T>(items: readonly T[], weight: (item: T) => number, ...name: Name): T | undefined {
    let rest = this.roll(...name) * items.reduce((sum, item) => sum + weight(item), 0);
    return items.find((item) => {
      rest -= weight(item);
      return rest < 0;
    });
  }

  /** 64 hexadecimal digits, such as those of a checksum. */
  hex(...name: Name): string {
    return this.digest(name).toString('hex');
  }

  /** A UUID of version 7 with the given time. */
  uuid(time: Date, ...name: Name): string {
    return uuidv7({ msecs: time.getTime(), random: this.digest(name).subarray(0, 16), seq: 0 });
  }

  private digest(name: Name): Buffer {
    return createHash('sha256')
      .update(JSON.stringify([this.seed, ...name]))
      .digest();
  }
}
