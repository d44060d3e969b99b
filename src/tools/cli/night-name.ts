import { InvalidArgumentError } from 'commander';
import type { EntityManager } from 'typeorm';
import { OpsDbError } from '../../errors.js';
import { readLatestNights } from '../report/index.js';

/** Reads a night from the command line, such as `2026-11-23`. */
export function night(text: string): string {
  const time = new Date(`${text}T12:00:00Z`);
  const isDate = !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 10) === text;
  // The databases know no year 0, and a night ends on the day after.
  if (isDate && time.getUTCFullYear() >= 1900 && time.getUTCFullYear() < 3000) return text;
  throw new InvalidArgumentError('It must be a date such as 2026-11-23, in the years from 1900 to 2999.');
}

/**
 * The night that was observed last.
 * @throws OpsDbError `nothing_found`
 */
export async function latestNight(manager: EntityManager): Promise<string> {
  const [latest] = await readLatestNights(manager, 1);
  if (latest) return latest.night;
  throw new OpsDbError('nothing_found', 'nothing was ever observed, so that there is nothing to show');
}
