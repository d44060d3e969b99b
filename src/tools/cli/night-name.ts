import { InvalidArgumentError } from 'commander';

/** Reads a night from the command line, such as `2026-11-23`. */
export function night(text: string): string {
  const time = new Date(`${text}T12:00:00Z`);
  if (!Number.isNaN(time.getTime()) && time.toISOString().slice(0, 10) === text) return text;
  throw new InvalidArgumentError('It must be a date such as 2026-11-23.');
}
