import type { ScanParameters } from '../../entities/scan-check.js';
import type { Pattern } from '../../entities/scan-rules.js';

/** Keys of a set that go into the field instead of the arguments of the planner. */
const OF_FIELD = ['width', 'height'];

/** The arguments that a set gives a planner, after the renames; its label and the extents of its field are left out. */
export function argumentsOf({ keys }: Pattern, set: ScanParameters): Record<string, unknown> {
  const given = Object.entries(set)
    .filter(([key]) => key !== 'name' && !OF_FIELD.includes(key))
    .map(([key, value]) => [(Object.hasOwn(keys, key) && keys[key]?.argument) || key, value]);
  return Object.fromEntries(given);
}

/** A number of a set under its key or under the argument's name; undefined where it is none. */
export function numberOf(set: ScanParameters, ...names: readonly string[]): number | undefined {
  const value = names
    .map((name) => (Object.hasOwn(set, name) ? set[name] : undefined))
    .find((one) => one !== undefined);
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}
