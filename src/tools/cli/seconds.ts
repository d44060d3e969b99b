import { InvalidArgumentError } from 'commander';

/** Reads a time between two looks from the command line [s]. */
export function seconds(text: string): number {
  const value = Number(text);
  if (/^\d{1,5}$/.test(text) && value >= 1 && value <= 86400) return value;
  throw new InvalidArgumentError('It must be a whole number of seconds from 1 to 86400.');
}
