import { table } from '../../src/tools/cli/table.js';
import { median } from './median.js';
import type { Run } from './task.js';

/** The runs of contenders by name, the raw driver among them as `raw`, as a table of medians. */
export function comparison(
  runs: ReadonlyMap<string, readonly Run[]>,
  less: (contender: string) => string | undefined,
): string {
  const of = (name: string, what: keyof Run) =>
    median((runs.get(name) as readonly Run[]).map((run) => run[what]));
  const ratio = (name: string, what: keyof Run) => (of(name, what) / of('raw', what)).toFixed(2);
  const rows = [...runs.keys()].map((name) => [
    name,
    of(name, 'wallMs').toFixed(1),
    ratio(name, 'wallMs'),
    of(name, 'cpuMs').toFixed(1),
    ratio(name, 'cpuMs'),
    `${of(name, 'baseMb').toFixed(0)} → ${of(name, 'peakMb').toFixed(0)}`,
    less(name) ? `LESS: ${less(name)}` : '',
  ]);
  return table(['contender', 'wall ms', 'to raw', 'client CPU ms', 'to raw', 'memory MB', ''], rows);
}
