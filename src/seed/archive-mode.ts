import type { Converter } from '../tabular/converter.js';
import { listOf } from '../tabular/row-reader.js';

/**
 * The use that a database is filled for, which decides which sites, locations and routes are active.
 *
 * @example
 * import { ArchiveMode, readSeedData, seedDataFolder } from 'ccat-ops-db/seed';
 *
 * const options = { dataArchiveMode: ArchiveMode.PRODUCTION };
 * const tables = readSeedData(session.dataSource, seedDataFolder(), options);
 * const sites = tables.find(({ metadata }) => metadata.name === 'Site')?.rows ?? [];
 * const active = sites.filter(({ values }) => values.active).map(({ values }) => values.shortName);
 * console.log(active); // [ 'ccat', 'cologne' ]
 */
export const ArchiveMode = {
  DEVELOPMENT: 'development',
  PRODUCTION: 'production',
} as const;
export type ArchiveMode = (typeof ArchiveMode)[keyof typeof ArchiveMode];

const MODES: readonly string[] = Object.values(ArchiveMode);

/** Makes `active` out of `active_in`, which lists the modes in which a row is active, separated by `;`. */
export function activeIn(mode: ArchiveMode): Converter {
  return {
    takes: ['active_in'],
    gives: ['active'],
    convert: ({ active_in: text }, report) => {
      if (text === undefined) return { active: undefined };
      const modes = listOf(text);
      const unknown = modes.filter((name) => !MODES.includes(name));
      if (unknown.length === 0) return { active: String(modes.includes(mode)) };
      report('active_in', text, `allowed are ${MODES.join(', ')}, separated by ;`);
      return { active: undefined };
    },
  };
}
