import type { SeedResult } from '../../seed/index.js';
import type { Removal } from '../planning-files/index.js';
import { table } from './table.js';

/** Differing rows of one entity that are listed. */
const LISTED = 20;

/** Numbers of rows by outcome. */
export interface Counts {
  readonly added: number;
  readonly unchanged: number;
  readonly differing: number;
}

export function countsOf(results: readonly SeedResult[]): Counts {
  const sum = (of: (result: SeedResult) => number) => results.reduce((all, result) => all + of(result), 0);
  return {
    added: sum((result) => result.added),
    unchanged: sum((result) => result.unchanged),
    differing: sum((result) => result.differing.length),
  };
}

/** The outcome for the rows of each entity, and the totals. */
export function resultTable(results: readonly SeedResult[]): string {
  const rows = results.map((r) => [r.entity, r.added, r.unchanged, r.differing.length]);
  const { added, unchanged, differing } = countsOf(results);
  return table(['entity', 'new', 'unchanged', 'differing'], [...rows, ['all', added, unchanged, differing]]);
}

/** The rows that differ, under a headline; nothing where there are none. */
export function differenceLines(results: readonly SeedResult[], headline: string): string[] {
  const lines = results.flatMap(({ entity, differing }) => [
    ...differing
      .slice(0, LISTED)
      .map(({ key, properties }) => `  ${entity} ${key}: ${properties.join(', ')}`),
    ...(differing.length > LISTED ? [`  ${entity}: ${differing.length - LISTED} more`] : []),
  ]);
  return lines.length === 0 ? [] : [headline, ...lines];
}

const OUTCOMES: Readonly<Record<Removal['outcome'], string>> = {
  removed: 'removed',
  retired: 'retired, because it has been executed',
  absent: 'not there',
};

/** The outcome for the rows that the index lists as removed. */
export function removalLines(removals: readonly Removal[]): string[] {
  const lines = removals.map(({ entity, key, outcome }) => `  ${entity} ${key}: ${OUTCOMES[outcome]}`);
  return lines.length === 0 ? [] : ['To be removed:', ...lines];
}
