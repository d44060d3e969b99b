/**
 * A value of a setting as its layers give it. Integers beyond 2^53 - 1 are bigint; dates and times are `Date`s whose
 * `toISOString` writes them as they were given; null is the value of `@none`.
 */
export type SettingValue = string | number | bigint | boolean | null | Date | SettingValue[] | SettingTable;

/** A table of settings. It has no prototype, so that every name is an ordinary key. */
export interface SettingTable {
  [key: string]: SettingValue;
}

/** An empty table without a prototype, or one with these entries. */
export function table(entries: Iterable<readonly [string, SettingValue]> = []): SettingTable {
  const made: SettingTable = Object.create(null);
  for (const [key, value] of entries) made[key] = value;
  return made;
}

/** Whether a value is a table, and not a list or a date. */
export function isTable(value: unknown): value is SettingTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A whole number as number where that is exact, else as bigint. */
export function wholeNumber(value: bigint): number | bigint {
  const rounded = Number(value);
  return Number.isSafeInteger(rounded) ? rounded : value;
}
