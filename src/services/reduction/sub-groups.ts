import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { Dims } from '../../entities/index.js';
import { DIMENSIONS, GROUP_BY } from './dimensions.js';
import { packagesOf, type Selection } from './packages.js';
import { invalid, issue, unknownName } from './rules.js';
import { dimsOf, type KeyPart, keyOf } from './sub-group-key.js';
import { findColumn, join, ROOT } from './tables.js';

/** One division of the packages of a grouping: what one run of a step reads. */
export interface SubGroup {
  /** Such as `source=OMC1+observing_night=2026-11-24`; `all` where the packages are not divided. */
  readonly key: string;
  /** Value of each dimension, as {@link dimsOfKey} reads it from the key; a module comes with its instrument. */
  readonly dims: Dims;
  /** Packages of the division, ordered by their UUIDs. */
  readonly packageIds: readonly string[];
}

/**
 * Divides the packages of a grouping. Two packages are in the same division when they agree in every dimension; having no
 * value, such as no line in a continuum observation, counts as a value.
 *
 * A key does not depend on the order of `groupBy`, and can name a folder: dimensions are joined by `+`, a module and its
 * instrument by `@`, and in names all but letters, digits and `-_.~` is percent-encoded. A key of more than 255 characters is
 * cut and ends with a hash.
 * @param groupBy any of {@link GROUP_BY}; none: one division `all`
 * @returns the divisions that have packages, ordered by their keys
 * @throws InvalidInputError `filter_rule_invalid`, also when a dimension is unknown
 *
 * @example
 * import { subGroups } from 'ccat-ops-db';
 *
 * const everything = { filterRules: [], instrumentModuleId: null };
 * const groups = await subGroups(session, everything, ['source', 'line_id']);
 * console.log(groups.length); // 4
 * console.log(groups.find(({ packageIds }) => packageIds.length > 1)?.key); // source=Saturn+line_id=
 */
export async function subGroups(
  manager: EntityManager,
  grouping: Selection,
  groupBy: readonly string[],
): Promise<SubGroup[]> {
  const names = checkDimensions(groupBy);
  const query = packagesOf(manager, grouping).select(`${ROOT}.id`, 'id').orderBy(`${ROOT}.id`);
  const readers = names.map((name) => {
    const columns = (DIMENSIONS.get(name) ?? []).map((path) => addColumn(query, path));
    return (row: ObjectLiteral): KeyPart => [name, columns.map((read) => read(row))];
  });
  const groups = new Map<string, SubGroup & { readonly packageIds: string[] }>();
  for (const row of await query.getRawMany()) {
    const parts = readers.map((read) => read(row));
    const key = keyOf(parts);
    const group = groups.get(key);
    if (group) group.packageIds.push(row.id);
    else groups.set(key, { key, dims: dimsOf(parts), packageIds: [row.id] });
  }
  return [...groups.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function checkDimensions(groupBy: unknown): string[] {
  if (!Array.isArray(groupBy)) throw invalid([issue('groupBy', 'groupBy', groupBy, 'must be a list')]);
  const issues = groupBy
    .filter((name) => !GROUP_BY.includes(name))
    .map((name) => issue('groupBy', 'dimension', name, `is unknown; ${unknownName(name, GROUP_BY)}`));
  if (issues.length > 0) throw invalid(issues);
  return GROUP_BY.filter((name) => groupBy.includes(name));
}

/** Selects a column; what comes back reads its value from a raw row. */
function addColumn(query: SelectQueryBuilder<ObjectLiteral>, path: string): (row: ObjectLiteral) => unknown {
  const [table, property] = path.split('.') as [string, string];
  const { driver } = query.dataSource;
  const column = findColumn(query.dataSource.getMetadata(table), property) as ColumnMetadata;
  const alias = `${column.entityMetadata.tableName}_${column.databaseName}`;
  join(query, table);
  query.addSelect(path, alias);
  return (row) => driver.prepareHydratedValue(row[alias], column);
}
