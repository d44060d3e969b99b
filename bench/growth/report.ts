import { table } from '../../src/tools/cli/table.js';
import type { Grown } from './measure.js';

/** How many times longer an operation may take in the largest database than in the smallest. */
export const LARGEST_RATIO = 1.5;
/** Shorter times count as this long [ms]: below it the noise of the clock and of other programs dominates. */
export const FLOOR_MS = 1;

/** Times at all sizes, as text. */
export function times(years: readonly number[], grown: readonly Grown[]): string {
  return table(
    ['', ...years.map((size) => `${size} years, ms`), 'ratio', ''],
    grown.map((one) => [
      one.operation.title,
      ...one.timesMs.map((time) => time.toFixed(1)),
      ratio(one).toFixed(2),
      remark(one),
    ]),
  );
}

/** Operations that take too much longer, one line for each. */
export function tooSlow(grown: readonly Grown[]): string[] {
  return grown
    .filter((one) => ratio(one) > LARGEST_RATIO)
    .map((one) => `${one.operation.title}: takes ${ratio(one).toFixed(2)} times as long`);
}

/** From the smallest size to the largest; for each package selected where these are more. */
function ratio({ timesMs, selected }: Grown): number {
  const costs = timesMs.map((time, index) => Math.max(time, FLOOR_MS) / (selected?.[index] ?? 1));
  return (costs.at(-1) as number) / (costs[0] as number);
}

function remark(one: Grown): string {
  const { operation, selected } = one;
  const marks = [
    ratio(one) > LARGEST_RATIO && 'GROWS',
    selected && `for each of ${selected.join(', ')} packages: ${operation.growingAnswer}`,
  ];
  return marks.filter(Boolean).join('; ');
}
