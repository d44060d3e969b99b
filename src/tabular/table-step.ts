import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';

/** A table that files hold rows of, and what tells its rows apart. */
export interface TableStep {
  /** The entity of the rows. */
  readonly entity: new () => object;
  /** The natural key: properties, and relations that stand for the natural key of the other row. */
  readonly key: readonly string[];
}

/**
 * The step of a plan that says how the rows of an entity are told apart; members of a family have one natural key.
 * @throws TypeError when the plan has no such step
 */
export function stepOf(plan: readonly TableStep[], { tablePath, dataSource }: EntityMetadata): TableStep {
  const step = plan.find(({ entity }) => dataSource.getMetadata(entity).tablePath === tablePath);
  if (step) return step;
  throw new TypeError(`rows of ${tablePath} have no natural key`);
}
