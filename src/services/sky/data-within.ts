import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { oneOf } from '../../database/one-of.js';
import { atOnce } from '../../database/together.js';
import { DataProduct, RawDataPackage, Source } from '../../entities/index.js';
import { readMany } from '../reading/index.js';
import { type Cone, distancesWithin, statementOf } from './cone.js';

/** A package of what was observed in a cone. */
export interface PackageWithin {
  /** The package. */
  readonly package: RawDataPackage;
  /** The source or field that was observed. */
  readonly source: Source;
  /** How far it is from the middle of the cone; of a target that moves, where it was then [deg]. */
  readonly distanceDeg: number;
}

/** A product of what was observed in a cone. */
export interface ProductWithin {
  /** The product. */
  readonly product: DataProduct;
  /** The nearest of the sources and fields that went into it. */
  readonly source: Source;
  /** How far that is from the middle of the cone; of a target that moves, where it was then [deg]. */
  readonly distanceDeg: number;
}

/**
 * The packages of what was observed in a cone: of its sources and fields, and of targets that were in it when they were
 * observed.
 * @param cone its middle in ICRS, and its radius
 * @returns the nearest first, by key where distances are alike
 * @throws OpsDbError `value_invalid` for an angle out of its range
 *
 * @example
 * import { packagesWithin } from 'ccat-ops-db';
 *
 * const [first] = await packagesWithin(session, { raDeg: 187.27, decDeg: 2.05, radiusDeg: 1 });
 * console.log(first?.source.name, first?.distanceDeg.toFixed(3)); // 3C273 0.008
 */
export async function packagesWithin(manager: EntityManager, cone: Cone): Promise<PackageWithin[]> {
  const observed = await observedWithin(manager, cone);
  if (observed.size === 0) return [];
  const packages = await readMany(manager, RawDataPackage, {
    where: { id: oneOf(manager, [...observed.keys()]) },
  });
  const sources = await sourcesOf(manager, observed);
  return sorted(
    packages.map((one) => {
      const { sourceId, distanceDeg } = observed.get(one.id) as Observed;
      return { package: one, source: sources.get(sourceId) as Source, distanceDeg };
    }),
    (found) => found.package.id,
  );
}

/**
 * The data products, of all steps, of what was observed in a cone.
 * @param cone its middle in ICRS, and its radius
 * @returns the nearest first, by key where distances are alike
 * @throws OpsDbError `value_invalid` for an angle out of its range
 *
 * @example
 * import { productsWithin } from 'ccat-ops-db';
 *
 * const found = await productsWithin(session, { raDeg: 187.27, decDeg: 2.05, radiusDeg: 1 });
 * console.log(found.length > 0, new Set(found.map(({ source }) => source.name))); // true Set(1) { '3C273' }
 */
export async function productsWithin(manager: EntityManager, cone: Cone): Promise<ProductWithin[]> {
  const observed = await observedWithin(manager, cone);
  if (observed.size === 0) return [];
  const { isAnyOf, listParameter, parameter } = dialectOf(manager);
  const text = `
    WITH RECURSIVE read_by (run_id, package_id) AS (
      SELECT run.id, member.raw_data_package_id FROM input_set_member member
      JOIN executed_reduction_step run ON run.input_set_id = member.input_set_id
      WHERE ${isAnyOf('member.raw_data_package_id', parameter(1))}
      UNION
      SELECT run.id, read_by.package_id FROM read_by
      JOIN data_product product ON product.executed_reduction_step_id = read_by.run_id
      JOIN input_set_member member ON member.data_product_id = product.id
      JOIN executed_reduction_step run ON run.input_set_id = member.input_set_id
    )
    SELECT product.id, read_by.package_id FROM read_by
    JOIN data_product product ON product.executed_reduction_step_id = read_by.run_id`;
  const [rows = []] = await atOnce(manager, [[statementOf(text), [listParameter([...observed.keys()])]]]);
  const nearest = new Map<string, Observed>();
  for (const [productId, packageId] of rows as [string, string][]) {
    const [known, other] = [nearest.get(productId), observed.get(packageId) as Observed];
    if (!known || other.distanceDeg < known.distanceDeg) nearest.set(productId, other);
  }
  if (nearest.size === 0) return [];
  const products = await readMany(manager, DataProduct, {
    where: { id: oneOf(manager, [...nearest.keys()]) },
  });
  const sources = await sourcesOf(manager, nearest);
  return sorted(
    products.map((product) => {
      const { sourceId, distanceDeg } = nearest.get(product.id) as Observed;
      return { product, source: sources.get(sourceId) as Source, distanceDeg };
    }),
    ({ product }) => product.id,
  );
}

interface Observed {
  readonly sourceId: number;
  readonly distanceDeg: number;
}

/** What was observed in a cone, by the keys of its packages. A target that moves counts where it was. */
async function observedWithin(manager: EntityManager, cone: Cone): Promise<Map<string, Observed>> {
  const [sources, executions] = await distancesWithin(manager, cone);
  const { isAnyOf, listParameter, parameter } = dialectOf(manager);
  const text = `
    SELECT package.id, unit.source_id, NULL FROM obs_unit unit
    JOIN executed_obs_unit execution ON execution.obs_unit_id = unit.id AND execution.sky_cell IS NULL
    JOIN raw_data_package package ON package.executed_obs_unit_id = execution.id
    WHERE ${isAnyOf('unit.source_id', parameter(1))}
    UNION ALL
    SELECT package.id, unit.source_id, execution.id FROM executed_obs_unit execution
    JOIN obs_unit unit ON unit.id = execution.obs_unit_id
    JOIN raw_data_package package ON package.executed_obs_unit_id = execution.id
    WHERE ${isAnyOf('execution.id', parameter(2))}`;
  const lists = [sources, executions].map((found) => listParameter([...found.keys()]));
  const [rows = []] = await atOnce(manager, [[statementOf(text), lists]]);
  return new Map(
    (rows as [string, number, string | null][]).map(([id, sourceId, executionId]) => {
      const distanceDeg = executionId === null ? sources.get(sourceId) : executions.get(executionId);
      return [id, { sourceId, distanceDeg: distanceDeg as number }];
    }),
  );
}

async function sourcesOf(
  manager: EntityManager,
  observed: ReadonlyMap<string, Observed>,
): Promise<Map<number, Source>> {
  const ids = new Set([...observed.values()].map(({ sourceId }) => sourceId));
  const sources = await readMany(manager, Source, { where: { id: oneOf(manager, [...ids]) } });
  return new Map(sources.map((source) => [source.id, source]));
}

function sorted<T extends { readonly distanceDeg: number }>(
  found: readonly T[],
  keyOf: (one: T) => string,
): T[] {
  return [...found].sort(
    (one, other) => one.distanceDeg - other.distanceDeg || (keyOf(one) < keyOf(other) ? -1 : 1),
  );
}
