import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashOf, LINE_BREAK } from './bytes.js';

/** How many buckets there are: those of the same number have the same keys in all of them. */
export const BUCKETS = 256;
/** Leaves as many bits of a hash as number a bucket. */
const BUCKET_SHIFT = 24;
/** Bytes that a bucket holds in memory: in a buffer, since strings that live a while keep the garbage collector at work. */
const HELD_BYTES = 32_768;
/** Bytes that a character takes at most. */
const CHARACTER_BYTES = 3;
/** Bytes at the end of a path that its hash looks at: paths differ there. */
const HASHED = 24;

/**
 * Lines that begin with a path, in so many files by the hash of the path, so that those with the same path are found together and no more
 * than a part of them is in memory.
 */
export class Buckets {
  private readonly folder = mkdtempSync(join(tmpdir(), 'ccat-ops-db-reconcile-'));
  private readonly files: number[] = [];
  private readonly held: Buffer[] = [];
  private readonly lengths: number[] = [];
  private text = Buffer.allocUnsafe(HELD_BYTES);
  private lines = Buffer.alloc(0);

  constructor() {
    for (let index = 0; index < BUCKETS; index++) {
      this.files.push(openSync(join(this.folder, String(index)), 'w'));
      this.held.push(Buffer.allocUnsafe(HELD_BYTES));
      this.lengths.push(0);
    }
  }

  /** @param rest what stands behind the path; neither has a line break */
  addText(path: string, rest: string): void {
    const most = CHARACTER_BYTES * (path.length + rest.length);
    if (most > this.text.length) this.text = Buffer.allocUnsafe(most);
    const pathEnd = this.text.write(path, 0);
    this.add(this.text, 0, pathEnd, pathEnd + this.text.write(rest, pathEnd));
  }

  /** Adds the line of a buffer from `start` to `end`, without its line break, whose path ends at `pathEnd`. */
  add(bytes: Buffer, start: number, pathEnd: number, end: number): void {
    // The high bits: what compares a bucket tells its paths apart by the low ones.
    const index = hashOf(bytes, Math.max(start, pathEnd - HASHED), pathEnd) >>> BUCKET_SHIFT;
    if ((this.lengths[index] as number) + end - start >= HELD_BYTES) this.write(index);
    if (end - start >= HELD_BYTES) {
      writeSync(
        this.files[index] as number,
        Buffer.concat([bytes.subarray(start, end), Buffer.of(LINE_BREAK)]),
      );
      return;
    }
    const held = this.held[index] as Buffer;
    const length = (this.lengths[index] as number) + bytes.copy(held, this.lengths[index], start, end);
    held[length] = LINE_BREAK;
    this.lengths[index] = length + 1;
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
