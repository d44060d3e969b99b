import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';

/** A table that files have rows of, with its natural key. */
export interface TableStep {
  /** The entity of the rows. */
  readonly entity: new () => object;
  /** The natural key: properties, and relations that stand for the natural key of the other row. */
  readonly key: readonly string[];
  /** The one spelling of a natural key that may be written in several ways. */
  readonly canonicalKey?: (key: string) => string;
  /** What must hold of a row by the natural key of another row that it refers to. */
  readonly rule?: RowRule;
}

/** A rule on the values of a row that depends on which row it refers to. */
export interface RowRule {
  /** The relation to the other row. */
  readonly relation: string;
  /**
   * What is wrong with a row.
   * @param key natural key of the other row
   * @param values of the row, those of the database where its file does not give them
   */
  readonly issues: (key: string, values: Readonly<Record<string, unknown>>) => readonly RowIssue[];
}

/** Something that is wrong with a value of a row. */
export interface RowIssue {
  readonly key: string;
  readonly value: unknown;
  readonly message: string;
}

/**
 * The step of a plan with the natural key of an entity; members of a family have one natural key.
 * @throws TypeError when the plan has no such step
 */
export function stepOf(plan: readonly TableStep[], { tablePath, dataSource }: EntityMetadata): TableStep {
  const step = plan.find(({ entity }) => dataSource.getMetadata(entity).tablePath === tablePath);
  if (step) return step;
  throw new TypeError(`rows of ${tablePath} have no natural key`);
}
