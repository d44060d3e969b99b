import { existsSync } from 'node:fs';
import path from 'node:path';
import type { EntityManager } from 'typeorm';
import { reportPage } from '../report/index.js';
import { observedNights } from '../report/neighbours.js';

/** Stands for the night in the name of a file. */
const NIGHT = '{night}';

/** A page, and the file that it is to be written to. */
export type Page = readonly [file: string, html: string];

/**
 * The pages of some nights: all of them in one, or one for each that was observed where the name of the file has {@link NIGHT}. These have
 * links to the pages of the nights before and after, where there are such files or will be.
 */
export async function pagesOf(
  manager: EntityManager,
  file: string,
  [first, last]: readonly [first: string, last: string],
  refreshSeconds?: number,
): Promise<Page[]> {
  if (!file.includes(NIGHT)) return [[file, await reportPage(manager, first, last, { refreshSeconds })]];
  const observed = await observedNights(manager, [first, last]);
  const fileOf = (night: string) => file.replaceAll(NIGHT, night);
  const pages: Page[] = [];
  for (const night of observed.length > 0 ? observed : [first]) {
    const addressOf = (other: string) =>
      observed.includes(other) || existsSync(fileOf(other))
        ? addressFrom(fileOf(night), fileOf(other))
        : undefined;
    pages.push([fileOf(night), await reportPage(manager, night, night, { addressOf, refreshSeconds })]);
  }
  return pages;
}

function addressFrom(file: string, other: string): string {
  return path.relative(path.dirname(file), other).split(path.sep).map(encodeURIComponent).join('/');
}
