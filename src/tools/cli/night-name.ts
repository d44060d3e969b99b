import { InvalidArgumentError } from 'commander';

/** Reads a night from the command line, such as `2026-11-23`. */
export function night(text: string): string {
  const time = new Date(`${text}T12:00:00Z`);
  const isDate = !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 10) === text;
  // The databases know no year 0, and a night ends on the day after.
  if (isDate && time.getUTCFullYear() >= 1900 && time.getUTCFullYear() < 3000) return text;
  throw new InvalidArgumentError('It must be a date such as 2026-11-23, in the years from 1900 to 2999.');
}
