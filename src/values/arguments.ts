/**
 * Checks of arguments at the entry of public functions: TypeScript's types do not bind callers in JavaScript, nor values
 * parsed from JSON.
 */
import { OpsDbError } from '../errors.js';
import { isStorableInstant } from './instant.js';
import { canonicalUuid } from './kinds.js';
import { shown } from './shown.js';
import { isStorableText } from './text.js';

/** The error for an invalid argument. */
export function invalidArgument(name: string, value: unknown, wanted: string): OpsDbError {
  return new OpsDbError('value_invalid', `${name} is ${shown(value)}; it must be ${wanted}`);
}

/** @throws OpsDbError `value_invalid` for what is no text, or an empty one, or holds what the databases cannot keep */
export function assertText(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '' || !isStorableText(value))
    throw invalidArgument(name, value, 'a text that is not empty');
}

/** @throws OpsDbError `value_invalid` for what is no whole number from a smallest one on */
export function assertWhole(name: string, value: unknown, min = 0): asserts value is number {
  if (!Number.isSafeInteger(value) || (value as number) < min)
    throw invalidArgument(name, value, `a whole number from ${min} on`);
}

/** @throws OpsDbError `value_invalid` for what is no finite number from a smallest to a largest one */
export function assertNumber(
  name: string,
  value: unknown,
  min = 0,
  max = Number.POSITIVE_INFINITY,
): asserts value is number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max) return;
  throw invalidArgument(
    name,
    value,
    `a number from ${min} ${max === Number.POSITIVE_INFINITY ? 'on' : `to ${max}`}`,
  );
}

/** @throws OpsDbError `value_invalid` for what is no instant that both databases keep */
export function assertInstant(name: string, value: unknown): asserts value is Date {
  if (!(value instanceof Date) || !isStorableInstant(value))
    throw invalidArgument(name, value, 'a valid Date in the years 0001 to 9999');
}

/** @throws OpsDbError `value_invalid` for what is no list */
export function assertList(name: string, value: unknown): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw invalidArgument(name, value, 'a list');
}

/** @throws OpsDbError `value_invalid` for what is no object with options */
export function assertOptions(name: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidArgument(name, value, 'an object');
}

/**
 * A UUID in the spelling of the databases.
 * @throws OpsDbError `value_invalid` for what is none
 */
export function uuidOf(name: string, value: unknown): string {
  const uuid = canonicalUuid(value);
  if (uuid === undefined)
    throw invalidArgument(name, value, 'a UUID, such as 0190a5d2-7c3e-7b6a-9f11-2a4c5e8d9b01');
  return uuid;
}

/** As {@link uuidOf} for each of a list. */
export function uuidsOf(name: string, values: unknown): string[] {
  assertList(name, values);
  return values.map((value, index) => uuidOf(`${name}[${index}]`, value));
}

/** @throws OpsDbError `value_invalid` for what is no list, no other iterable of values, such as a text, and no function */
export function assertIterable(name: string, value: unknown): asserts value is Iterable<unknown> {
  const isIterable =
    typeof value === 'object' &&
    value !== null &&
    (Symbol.iterator in value || Symbol.asyncIterator in value);
  if (!isIterable && typeof value !== 'function')
    throw invalidArgument(name, value, 'a list, another iterable, or a function that makes one');
}

/** @throws OpsDbError `value_invalid` for what is no function */
export function assertFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidArgument(name, value, 'a function');
}

/** @throws OpsDbError `value_invalid` for what is neither left out nor the signal of an AbortController */
export function assertSignal(name: string, value: unknown): void {
  const { aborted } = (value ?? {}) as Partial<AbortSignal>;
  if (value !== undefined && typeof aborted !== 'boolean')
    throw invalidArgument(name, value, 'the signal of an AbortController');
}

/** @throws OpsDbError `value_invalid` for what is no position in the write-ahead log */
export function assertLsn(name: string, value: unknown): asserts value is bigint {
  if (typeof value !== 'bigint' || value < 0n || value >= 2n ** 64n)
    throw invalidArgument(
      name,
      value,
      'a position in the write-ahead log as a bigint, as currentLsn and parseLsn give it',
    );
}
