/**
 * Instants and dates as text: one spelling for all doors. The patterns also stand in the JSON Schemas, so that a schema
 * accepts exactly what is read here.
 */

const LEAP_YEAR = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)';
const DAY_OF_ANY_YEAR =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))';
const DAY = `(?:(?!0000)[0-9]{4}-${DAY_OF_ANY_YEAR}|${LEAP_YEAR}-02-29)`;
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?';
const ZONE = '(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])';
/** On the first and the last day of the calendar, a zone that may lead out of it. */
const BEYOND = '(?!0001-01-01[^+]*\\+(?!00:00)|9999-12-31[Tt][^-]*-(?!00:00))';
/** The end of the text: in some languages `$` also stands before a line end. */
const END = '(?![\\s\\S])';

/** A day of the years 0001 to 9999, as `2026-11-24`. */
export const DATE_PATTERN = `^${DAY}${END}`;

/**
 * An instant of the years 0001 to 9999 as RFC 3339 writes it, without leap seconds: the day is one of the calendar, seconds
 * and zone are given.
 */
export const INSTANT_PATTERN = `^${BEYOND}${DAY}[Tt]${TIME}${ZONE}${END}`;

export const INSTANT_WANTED =
  'an instant of RFC 3339 with its zone, in the years 0001 to 9999, such as 2026-11-24T03:00:00Z';
export const DATE_WANTED = 'a day of the calendar in the years 0001 to 9999, such as 2026-11-24';

const DATE = new RegExp(DATE_PATTERN);
const INSTANT = new RegExp(INSTANT_PATTERN);
const PARTS = /^(.{10}).(.{8})(?:\.([0-9]{1,3})[0-9]*)?(?:[Zz]|([+-])(..):(..))$/;

/** Whether a text is a day as {@link DATE_PATTERN} says. */
export function isCalendarDate(text: string): boolean {
  return DATE.test(text);
}

/**
 * The instant that a text stands for; digits beyond the millisecond are dropped.
 * @returns undefined where the text is none as {@link INSTANT_PATTERN} says
 */
export function parseInstant(text: string): Date | undefined {
  if (!INSTANT.test(text)) return undefined;
  const [, day, time, fraction = '', sign, hours = 0, minutes = 0] = PARTS.exec(text) as RegExpExecArray;
  const local = Date.parse(`${day}T${time}.${fraction.padEnd(3, '0')}Z`);
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return new Date(sign === '-' ? local + offset : local - offset);
}

const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether both databases keep an instant: it is one, in the years 0001 to 9999. */
export function isStorableInstant(instant: Date): boolean {
  const time = instant.getTime();
  return time >= FIRST && time <= LAST;
}
