import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUCKETS = 256;
/** Lines that a bucket holds in memory. */
const HELD = 128;
/** Characters at the end of a key that its hash looks at: paths differ there. */
const HASHED = 24;

/**
 * Texts in so many files by the hash of a key, so that those with the same key are found together and no more than a part of them is in
 * memory.
 */
export class Buckets {
  private readonly folder = mkdtempSync(join(tmpdir(), 'ccat-ops-db-reconcile-'));
  private readonly files: number[] = [];
  private readonly held: string[][] = [];

  constructor() {
    for (let index = 0; index < BUCKETS; index++) {
      this.files.push(openSync(join(this.folder, String(index)), 'w'));
      this.held.push([]);
    }
  }

  /** @param line without a line break */
  add(key: string, line: string): void {
    const index = hashOf(key) % BUCKETS;
    const held = this.held[index] as string[];
    held.push(line);
    if (held.length === HELD) this.write(index);
  }

  private write(index: number): void {
    const lines = this.held[index] as string[];
    if (lines.length > 0) writeSync(this.files[index] as number, `${lines.join('\n')}\n`);
    this.held[index] = [];
  }

  /** The lines of each bucket, in the order in which they were added. Nothing can be added afterwards. */
  *contents(): Generator<string[]> {
    for (let index = 0; index < BUCKETS; index++) this.write(index);
    for (const file of this.files.splice(0)) closeSync(file);
    for (let index = 0; index < BUCKETS; index++) {
      const lines = readFileSync(join(this.folder, String(index)), 'utf8').split('\n');
      lines.pop();
      yield lines;
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
