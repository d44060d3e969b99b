import type { DataSource } from 'typeorm';
import { ownTables } from '../../../src/database/own-tables.js';
import { type Statement, undone } from '../statements.js';
import type { Plan, RowCounts } from './access.js';
import { explainPostgresql } from './postgresql.js';
import { explainSqlite } from './sqlite.js';

/** Explains statements on one database, whose tables it has counted. */
export interface Explainer {
  readonly counts: RowCounts;
  /** Indexes with their tables. */
  readonly indexes: ReadonlyMap<string, string>;
  /**
   * Executes and explains statements one after the other; their writes are rolled back.
   * @param settings statements that go before them, for this once
   */
  explain(statements: readonly Statement[], settings?: readonly string[]): Promise<Plan[]>;
}

interface IndexRow {
  readonly name: string;
  readonly table: string;
  readonly definition: string | null;
}

const INDEXES = {
  postgresql: `SELECT indexname AS name, tablename AS "table", indexdef AS definition FROM pg_indexes WHERE schemaname = current_schema()`,
  sqlite: `SELECT name, tbl_name AS "table", sql AS definition FROM sqlite_master WHERE type = 'index'`,
} as const;

/** Counts the rows of a database, and prepares to explain statements on it. */
export async function explainerFor(dataSource: DataSource): Promise<Explainer> {
  const isPostgresql = dataSource.options.type === 'postgres';
  const tables = ownTables(dataSource).map(({ tableName }) => tableName);
  const counted = tables.map((table) => `SELECT '${table}' AS name, count(*) AS count FROM "${table}"`);
  const rows: { name: string; count: number | string }[] = await dataSource.query(
    counted.join(' UNION ALL '),
  );
  const counts = new Map(rows.map(({ name, count }) => [name, Number(count)]));
  const found: IndexRow[] = await dataSource.query(isPostgresql ? INDEXES.postgresql : INDEXES.sqlite);
  const own = found.filter(({ table }) => counts.has(table));
  const partial = new Set(
    own.filter(({ definition }) => definition?.includes(' WHERE ')).map(({ name }) => name),
  );
  return {
    counts,
    indexes: new Map(own.map(({ name, table }) => [name, table])),
    explain: (statements, settings = []) =>
      undone(dataSource, async (manager) => {
        for (const setting of settings) await manager.query(setting);
        const plans: Plan[] = [];
        for (const statement of statements)
          plans.push(
            isPostgresql
              ? await explainPostgresql(manager, statement, counts, partial)
              : await explainSqlite(manager, statement, new Set(tables), partial),
          );
        return plans;
      }),
  };
}
