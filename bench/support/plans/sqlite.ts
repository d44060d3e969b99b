import type { EntityManager } from 'typeorm';
import type { Statement } from '../statements.js';
import type { Access, Plan } from './access.js';

const STEP =
  /^(?<how>SCAN|SEARCH) (?<alias>\S+)(?: USING (?:COVERING |AUTOMATIC )*(?:INDEX (?<index>\S+)|PRIMARY KEY|INTEGER PRIMARY KEY))?/;
const LIMITED = /\bLIMIT \S+\s*$/;
const NAMED = /\b(?:FROM|JOIN|UPDATE|INTO)\s+"?(\w+)"?(?:\s+(?:AS\s+)?"?(\w+)"?)?/gi;

/** Explains how SQLite would execute a statement; it counts no rows. */
export async function explainSqlite(
  manager: EntityManager,
  { sql, parameters }: Statement,
  tables: ReadonlySet<string>,
  partialIndexes: ReadonlySet<string>,
): Promise<Plan> {
  const steps: { detail: string }[] = await manager.query(`EXPLAIN QUERY PLAN ${sql}`, parameters);
  const names = new Map<string, string>();
  for (const [, table, alias] of sql.matchAll(NAMED)) {
    names.set(table as string, table as string);
    if (alias) names.set(alias, table as string);
  }
  const isSorted = steps.some(({ detail }) => detail.startsWith('USE TEMP B-TREE FOR ORDER BY'));
  // Rows that come in the requested order are read only up to the limit.
  const stopsEarly = (index: string | undefined) => index !== undefined && !isSorted && LIMITED.test(sql);
  const accesses = steps.flatMap(({ detail }): Access[] => {
    const { how, alias, index } = STEP.exec(detail)?.groups ?? {};
    const table = names.get(alias ?? '');
    if (how === undefined || table === undefined || !tables.has(table)) return [];
    const isWhole =
      how === 'SCAN' && !stopsEarly(index) && (index === undefined || !partialIndexes.has(index));
    return [
      { table, indexes: how === 'SCAN' && !index ? [] : [index ?? `pk_${table}`], isSequential: isWhole },
    ];
  });
  return { accesses };
}
