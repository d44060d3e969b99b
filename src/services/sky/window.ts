import { assertInstant, assertOptions, invalidArgument } from '../../values/arguments.js';
import { DATE_WANTED, isCalendarDate } from '../../values/instant.js';
import { FYST, type ObservingPlace } from './site.js';

/** A stretch of time: a night of the telescope, or from one instant to another. */
export interface SkyWindow {
  /** Date in the telescope's civil time, such as `2026-11-30`: from noon to the next noon there. */
  readonly night?: string;
  /** Start, UTC; with `to` instead of a night. */
  readonly from?: Date;
  /** End, UTC. */
  readonly to?: Date;
}

/** The longest window: a year [ms]. */
const LONGEST_MS = 366 * 24 * 3600 * 1000;

/**
 * The first and the last instant of a window.
 * @throws OpsDbError `value_invalid` for what is no night, or no instants in order at most a year apart
 */
export function instantsOf({ night, from, to }: SkyWindow, { timeZone }: ObservingPlace): [Date, Date] {
  assertOptions('the window', { night, from, to });
  if (night !== undefined) {
    if (from !== undefined || to !== undefined)
      throw invalidArgument('from', from ?? to, 'left out where a night is given');
    if (typeof night !== 'string' || !isCalendarDate(night))
      throw invalidArgument('night', night, DATE_WANTED);
    const zone = timeZone ?? FYST.timeZone;
    return [noon(night, 0, zone), noon(night, 1, zone)];
  }
  assertInstant('from', from);
  assertInstant('to', to);
  if (from >= to || to.getTime() - from.getTime() > LONGEST_MS)
    throw invalidArgument('to', to, `later than from (${from.toISOString()}), by a year at most`);
  return [from, to];
}

/** Noon of a date in civil time, or of a day after it. */
function noon(date: string, daysAfter: number, timeZone: string): Date {
  const wanted = Date.parse(`${date}T12:00:00Z`) + daysAfter * 24 * 3600 * 1000;
  const first = wanted - offsetMs(new Date(wanted), timeZone);
  return new Date(wanted - offsetMs(new Date(first), timeZone));
}

/** By zone: they are slow to make. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** How far civil time is ahead of UTC [ms]. */
function offsetMs(instant: Date, timeZone: string): number {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [undefined, '+', '0', '0'];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
