import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { bulkInsert } from '../../database/bulk-insert.js';
import { isConstraintViolation, refusalOf } from '../../database/constraint-violation.js';
import { whyTimeIsRefused } from '../../database/refused-time.js';
import { OpsDbError } from '../../errors.js';
import { lifecycles, transition } from '../../lifecycle/index.js';
import type { IssueList } from '../issue-list.js';
import type { Located } from '../key-lookup.js';
import type { KeyedTable, SeedRow } from '../row-reader.js';
import { link, unlink } from './links.js';
import type { Resolved } from './references.js';

/** Writes rows of files, and reports what the database refuses. */
export class RowWriter {
  /**
   * @param manager of a transaction
   * @param issues where what the database refuses is reported
   * @param by who changes the state of a row, for the history
   */
  constructor(
    private readonly manager: EntityManager,
    private readonly issues: IssueList,
    private readonly by: string,
  ) {}

  /**
   * Inserts rows. The database reports what it refused but not which row: the row is found by bisection.
   * @returns those that were written
   */
  async insert(metadata: EntityMetadata, rows: readonly Resolved[]): Promise<readonly Resolved[]> {
    const values = rows.map((row) => row.values);
    const message = await this.refusal(
      metadata,
      (manager) => bulkInsert(manager, metadata, values),
      rows.length,
    );
    if (message === undefined) return rows;
    const [first] = rows as [Resolved];
    if (rows.length === 1) {
      const reason = await whyTimeIsRefused(this.manager, metadata, first.values, message);
      this.report(metadata, first.row, reason ?? message);
      return [];
    }
    const middle = rows.length >> 1;
    const [left, right] = [rows.slice(0, middle), rows.slice(middle)];
    return [...(await this.insert(metadata, left)), ...(await this.insert(metadata, right))];
  }

  /** Sets values of a row of the database, and the rows that it is linked with. */
  async change(
    { step, metadata }: KeyedTable,
    row: SeedRow,
    found: Located,
    values: ObjectLiteral,
    links: readonly (readonly [RelationMetadata, readonly number[]])[],
  ): Promise<void> {
    const hasValues = Object.keys(values).length > 0;
    const refused = await this.refusal(
      metadata,
      async (manager) => {
        if (hasValues) await change(manager, step.entity, found, values, this.by);
        for (const [relation, ids] of links) {
          await unlink(manager, relation, found.id);
          await link(manager, relation, [[found.id, ids]]);
        }
      },
      Number(hasValues) + links.length,
    );
    if (refused) this.report(metadata, row, refused);
  }

  private report({ tableName }: EntityMetadata, { origin, key }: SeedRow, message: string): void {
    this.issues.report({ origin, key: tableName, value: key, message });
  }

  /** The refusal of some work; undefined where it was done. */
  private async refusal(
    metadata: EntityMetadata,
    work: (manager: EntityManager) => Promise<unknown>,
    size: number,
  ): Promise<string | undefined> {
    if (size === 0) return undefined;
    try {
      await this.manager.transaction(work);
      return undefined;
    } catch (error) {
      if (isConstraintViolation(error)) return refusalOf(error, metadata);
      if (error instanceof OpsDbError && error.code === 'transition_illegal') return error.message;
      throw error;
    }
  }
}

/** Sets values of a row; one that has a life cycle changes by a step of it, and the others in the same statement. */
async function change(
  manager: EntityManager,
  entity: new () => object,
  found: Located,
  values: ObjectLiteral,
  by: string,
): Promise<void> {
  const lifecycle = lifecycles.find((some) => some.entity === entity && some.property in values);
  if (!lifecycle) {
    await manager.update(entity, found.id, values);
    return;
  }
  const { property } = lifecycle;
  const { [property]: to, ...set } = values;
  await transition(manager, entity, found.id, { from: found[property], to, property, set, by });
}
