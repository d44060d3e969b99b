/** Other names of the central slot; the other slots are never found by a number. */
const CENTRE = /^(center|im0)$/i;

/**
 * The key of a slot of the focal plane in the spelling of the database: case does not matter, and `IM0` is `c`. `IM1`
 * to `IM6` stay as they are and are not found: their numbering differs from that of `i1` to `i6`.
 */
export function slotKey(key: string): string {
  const slash = key.lastIndexOf('/');
  const [instrument, name] = [key.slice(0, slash + 1), key.slice(slash + 1)];
  if (CENTRE.test(name)) return `${instrument}c`;
  return /^(c|i[1-6])$/i.test(name) ? `${instrument}${name.toLowerCase()}` : key;
}
