import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How many buckets there are: those of the same number have the same keys in all of them. */
export const BUCKETS = 256;
/** Bytes that a bucket holds in memory: in a buffer, since strings that live a while keep the garbage collector at work. */
const HELD_BYTES = 8192;
/** Bytes that a character takes at most. */
const CHARACTER_BYTES = 3;
/** Characters at the end of a key that its hash looks at: paths differ there. */
const HASHED = 24;

/**
 * Texts in so many files by the hash of a key, so that those with the same key are found together and no more than a part of them is in
 * memory.
 */
export class Buckets {
  private readonly folder = mkdtempSync(join(tmpdir(), 'ccat-ops-db-reconcile-'));
  private readonly files: number[] = [];
  private readonly held: Buffer[] = [];
  private readonly lengths: number[] = [];
  private lines = Buffer.alloc(0);

  constructor() {
    for (let index = 0; index < BUCKETS; index++) {
      this.files.push(openSync(join(this.folder, String(index)), 'w'));
      this.held.push(Buffer.allocUnsafe(HELD_BYTES));
      this.lengths.push(0);
    }
  }

  /** @param line without a line break */
  add(key: string, line: string): void {
    const index = hashOf(key) % BUCKETS;
    const most = CHARACTER_BYTES * line.length + 1;
    if ((this.lengths[index] as number) + most > HELD_BYTES) this.write(index);
    if (most > HELD_BYTES) {
      writeSync(this.files[index] as number, `${line}\n`);
      return;
    }
    const length = this.lengths[index] as number;
    this.lengths[index] = length + (this.held[index] as Buffer).write(`${line}\n`, length);
  }

  private write(index: number): void {
    writeSync(this.files[index] as number, this.held[index] as Buffer, 0, this.lengths[index]);
    this.lengths[index] = 0;
  }

  /** Ends the adding. */
  close(): void {
    for (let index = 0; index < BUCKETS; index++) this.write(index);
    for (const file of this.files.splice(0)) closeSync(file);
    this.held.length = 0;
  }

  /** The lines of a bucket, in the order in which they were added, as bytes; the buffer is used again for the next one. */
  read(index: number): Buffer {
    const file = openSync(join(this.folder, String(index)), 'r');
    try {
      const { size } = fstatSync(file);
      if (size > this.lines.length) this.lines = Buffer.allocUnsafe(Math.ceil(1.25 * size));
      for (let length = 0; length < size; )
        length += readSync(file, this.lines, length, size - length, length);
      return this.lines.subarray(0, size);
    } finally {
      closeSync(file);
    }
  }

  /** Removes the files. */
  remove(): void {
    for (const file of this.files.splice(0)) closeSync(file);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = Math.max(0, text.length - HASHED); index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
