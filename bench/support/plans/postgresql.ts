import type { EntityManager } from 'typeorm';
import type { Statement } from '../statements.js';
import type { Access, Plan, RowCounts } from './access.js';

/** The parts of a node of a plan that are read here. */
interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Node[];
}

/** Fraction of a table above which reading it without a condition counts as a scan. */
const WHOLE = 0.5;

/** Executes and explains a statement. */
export async function explainPostgresql(
  manager: EntityManager,
  { sql, parameters }: Statement,
  counts: RowCounts,
  partialIndexes: ReadonlySet<string>,
): Promise<Plan> {
  const [{ 'QUERY PLAN': plans }] = await manager.query(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
    parameters,
  );
  const root: Node = plans[0].Plan;
  return {
    accesses: nodesOf(root).flatMap((node) => accessOf(node, counts, partialIndexes)),
    rowsReturned: root['Actual Rows'],
    pages: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
  };
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** The node itself where it goes through an index, or those below that together mark pages for it. */
function searchesOf(node: Node): Node[] {
  if (node['Index Name'] !== undefined) return [node];
  return (node.Plans ?? []).filter((part) => part['Node Type'].startsWith('Bitmap')).flatMap(searchesOf);
}

function accessOf(node: Node, counts: RowCounts, partialIndexes: ReadonlySet<string>): Access[] {
  const table = node['Relation Name'];
  if (table === undefined || !node['Node Type'].endsWith('Scan')) return [];
  const perLoop =
    node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  const searches = searchesOf(node);
  const isLookup = searches.some(
    (part) => part['Index Cond'] !== undefined || partialIndexes.has(part['Index Name'] as string),
  );
  const all = counts.get(table) ?? 0;
  return [
    {
      table,
      indexes: [...new Set(searches.map((part) => part['Index Name'] as string))],
      isSequential: searches.length === 0 || (!isLookup && perLoop > WHOLE * all),
      rowsRead: perLoop * node['Actual Loops'],
    },
  ];
}
