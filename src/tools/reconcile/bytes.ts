/** What separates the fields of a line, and lines. */
export const [TAB, LINE_BREAK] = [0x09, 0x0a];

/** FNV-1a of some bytes, with its high bits mixed into the low ones. */
export function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
