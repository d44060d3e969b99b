import { table } from '../../src/tools/cli/table.js';
import type { Access, RowCounts } from '../support/plans/access.js';
import type { Measured } from './measure.js';

/** Tables with more rows must not be scanned sequentially. */
export const LARGE = 10_000;
/** How much more a query may read in the larger of two databases. */
const LARGEST_GROWTH = 1.5;
/** Smaller growth [rows] is chance: the nights do not differ in whole numbers. */
const CHANCE_ROWS = 500;

/** Figures of an answer by their heads; SQLite counts no rows. */
const FIGURES: readonly (readonly [head: string, figure: (measured: Measured) => number | undefined])[] = [
  ['returned', ({ rowsReturned }) => rowsReturned],
  ['read', ({ rowsRead }) => rowsRead],
  ['per row', ({ rowsRead, rowsReturned }) => perRow(rowsRead, rowsReturned)],
  ['pages', ({ pages }) => pages],
];

/** The measurements of the queries as text. */
export function answers(measured: readonly Measured[], isLarge: (table: string) => boolean): string {
  const figures = FIGURES.filter(([, figure]) => measured.some((one) => figure(one) !== undefined));
  return table(
    ['', 'query', ...figures.map(([head]) => head), 'ms', 'tables that are large in a year'],
    measured.map((one) => [
      one.question.number,
      one.question.title,
      ...figures.map(([, figure]) => shown(figure(one))),
      one.timeMs.toFixed(1),
      [...new Set(one.accesses.filter((access) => isLarge(access.table)).map(path))].join('\n'),
    ]),
  );
}

/** Queries that scan a large table sequentially, one line for each. */
export function sequentialReads(
  measured: readonly Measured[],
  isLarge: (table: string) => boolean,
): string[] {
  return measured.flatMap(({ question, accesses }) =>
    accesses
      .filter((access) => access.isSequential && isLarge(access.table))
      .map((access) => `${question.number} ${question.title}: reads ${access.table} sequentially`),
  );
}

/** The growth of the queries from a smaller database to a larger one, as text. */
export function growth(small: readonly Measured[], large: readonly Measured[]): string {
  return table(
    ['', 'query', 'read, small', 'read, large', 'ratio', 'per row, ratio', 'ms, ratio', ''],
    pairs(small, large).map(([less, more]) => [
      more.question.number,
      more.question.title,
      shown(less.rowsRead),
      shown(more.rowsRead),
      shown(ratio(more.rowsRead, less.rowsRead)),
      shown(perRowRatio(less, more)),
      shown(ratio(more.timeMs, less.timeMs)),
      grows([less, more]) ? 'GROWS' : (more.question.growingAnswer ?? ''),
    ]),
  );
}

/** Queries that read more in the larger database, one line for each. */
export function growing(small: readonly Measured[], large: readonly Measured[]): string[] {
  return pairs(small, large)
    .filter(grows)
    .map(
      ([less, { question, rowsRead }]) =>
        `${question.number} ${question.title}: reads ${rowsRead} rows instead of ${less.rowsRead}`,
    );
}

/** Indexes of large tables that no query uses. */
export function unused(
  measured: readonly Measured[],
  indexes: ReadonlyMap<string, string>,
  isLarge: (table: string) => boolean,
): string[] {
  const used = new Set(measured.flatMap(({ accesses }) => accesses.flatMap((access) => access.indexes)));
  return [...indexes].filter(([name, of]) => isLarge(of) && !used.has(name)).map(([name]) => name);
}

/** Which tables are large. */
export function largeTables(counts: RowCounts): (table: string) => boolean {
  return (name) => (counts.get(name) ?? 0) > LARGE;
}

function grows([less, more]: readonly [Measured, Measured]): boolean {
  if (less.rowsRead === undefined || more.rowsRead === undefined) return false;
  const grown = more.question.growingAnswer ? perRowRatio(less, more) : ratio(more.rowsRead, less.rowsRead);
  return (grown ?? Number.POSITIVE_INFINITY) > LARGEST_GROWTH && more.rowsRead - less.rowsRead > CHANCE_ROWS;
}

function pairs(small: readonly Measured[], large: readonly Measured[]): (readonly [Measured, Measured])[] {
  return large.map((more) => [small.find(({ question }) => question === more.question) as Measured, more]);
}

function perRow(read: number | undefined, returned: number | undefined): number | undefined {
  return read === undefined || returned === undefined ? undefined : read / Math.max(1, returned);
}

function perRowRatio(less: Measured, more: Measured): number | undefined {
  return ratio(perRow(more.rowsRead, more.rowsReturned), perRow(less.rowsRead, less.rowsReturned));
}

function ratio(more: number | undefined, less: number | undefined): number | undefined {
  return more === undefined || !less ? undefined : more / less;
}

function path({ table: name, indexes, isSequential }: Access): string {
  return indexes.length === 0
    ? `${name} SEQUENTIAL`
    : `${indexes.join(' + ')}${isSequential ? ' WHOLE' : ''}`;
}

function shown(number: number | undefined): string {
  if (number === undefined) return '-';
  return Number.isInteger(number) ? String(number) : number.toFixed(1);
}
