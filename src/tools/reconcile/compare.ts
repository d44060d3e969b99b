import { hashOf, LINE_BREAK, TAB } from './bytes.js';

/**
 * What is done with the lines of two buckets: that of a file is `path TAB size`, with `TAB checksum` where it is known; that of a copy has
 * always a checksum, be it empty, and more behind it.
 */
export interface Findings {
  /** A copy and a file of one path whose lines are not the same as far as both go. */
  readonly both: (copy: string, file: string) => void;
  /** A file of which there is no copy. */
  readonly dark: (file: string) => void;
  /** A copy of which there is no file. */
  readonly missing: (copy: string) => Promise<void>;
}

/** Bytes that a line of a copy has at least, so that no more than half of the table is taken: `BYTES_A_SLOT` is below half of it. */
const BYTES_A_SLOT = 30;
const FREE = -1;

/**
 * Finds the lines of two buckets that have the same path. They stay bytes, since millions of strings keep the garbage collector at work
 * and the memory full; for the same reason one object compares all buckets.
 */
export class Comparison {
  private starts = new Int32Array(0);
  private isTaken = new Uint8Array(0);

  /**
   * @param copies lines of copies; of two with the same path the later one counts
   * @returns how many lines are the same as far as both go
   */
  async compare(copies: Buffer, files: Buffer, findings: Findings): Promise<number> {
    const size = 2 ** Math.ceil(Math.log2(copies.length / BYTES_A_SLOT + 2));
    const [starts, isTaken] = this.emptied(size);
    /** The slot of a path, or the free one where it would be. */
    const slotOf = (lines: Buffer, start: number, end: number) => {
      let slot = hashOf(lines, start, end) & (size - 1);
      while (starts[slot] !== FREE && !isBeginning(copies, starts[slot] as number, lines, start, end))
        slot = (slot + 1) & (size - 1);
      return slot;
    };
    for (let start = 0; start < copies.length; start = copies.indexOf(LINE_BREAK, start) + 1)
      starts[slotOf(copies, start, copies.indexOf(TAB, start))] = start;
    let same = 0;
    for (let start = 0; start < files.length; ) {
      const end = files.indexOf(LINE_BREAK, start);
      const slot = slotOf(files, start, files.indexOf(TAB, start));
      const copy = starts[slot] as number;
      if (copy === FREE || isTaken[slot] === 1) findings.dark(files.toString('utf8', start, end));
      else if (isBeginning(copies, copy, files, start, end)) same += 1;
      else findings.both(lineAt(copies, copy), files.toString('utf8', start, end));
      if (copy !== FREE) isTaken[slot] = 1;
      start = end + 1;
    }
    for (let slot = 0; slot < size; slot++)
      if (starts[slot] !== FREE && isTaken[slot] === 0)
        await findings.missing(lineAt(copies, starts[slot] as number));
    return same;
  }

  private emptied(size: number): [starts: Int32Array, isTaken: Uint8Array] {
    if (size > this.starts.length) {
      this.starts = new Int32Array(size);
      this.isTaken = new Uint8Array(size);
    }
    this.starts.fill(FREE, 0, size);
    this.isTaken.fill(0, 0, size);
    return [this.starts, this.isTaken];
  }
}

function lineAt(lines: Buffer, start: number): string {
  return lines.toString('utf8', start, lines.indexOf(LINE_BREAK, start));
}

/** Whether the first fields in the line of a copy are those from `start` to `end` of other lines. */
function isBeginning(copies: Buffer, copy: number, lines: Buffer, start: number, end: number): boolean {
  if (copies[copy + end - start] !== TAB) return false;
  // From the end, where paths differ.
  for (let at = end - 1; at >= start; at--) if (lines[at] !== copies[copy + at - start]) return false;
  return true;
}
