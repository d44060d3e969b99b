import { inspect } from 'node:util';

/** Characters of a value that a message shows. */
const LONGEST = 100;

/** A value for a message: on one line, and always short. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value.slice(0, LONGEST + 1))
      : inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxStringLength: LONGEST });
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
