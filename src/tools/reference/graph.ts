import type { Lifecycle } from '../../lifecycle/index.js';
import type { ColumnReference, ModelReference, TableReference } from './model.js';

/*
 * The diagrams as data. mermaid.ts writes them as Mermaid text, dot.ts as the text that Graphviz draws; both show the
 * same.
 */

/** A table in a diagram. */
export interface TableNode {
  readonly table: string;
  readonly domain: string;
  /** Its most important columns; none where only its name is shown. */
  readonly columns: readonly ColumnReference[];
  /** How many more there are. */
  readonly more: number;
}

/** Rows of one table lead to rows of another. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly column: string;
  readonly nullable: boolean;
}

/** A diagram of tables. */
export interface TableDiagram {
  readonly name: string;
  readonly title: string;
  readonly nodes: readonly TableNode[];
  readonly edges: readonly Edge[];
}

/** A diagram of the legal steps of a status. */
export interface LifecycleDiagram {
  readonly name: string;
  readonly title: string;
  readonly first: string;
  readonly steps: readonly { readonly from: string; readonly to: string }[];
  readonly ends: readonly string[];
}

/** All tables by domain, and their references. */
export function overviewDiagram({ tables }: ModelReference): TableDiagram {
  return {
    name: 'overview',
    title: 'All tables by domain',
    nodes: tables.map((table) => node(table, [])),
    edges: tables.flatMap(edgesOf),
  };
}

/** The tables of a domain with their most important columns, and those of others that they lead to. */
export function domainDiagram({ tables }: ModelReference, domain: string): TableDiagram {
  const own = tables.filter((table) => table.domain === domain);
  const edges = own.flatMap(edgesOf);
  const others = tables.filter(
    (table) => table.domain !== domain && edges.some(({ to }) => to === table.name),
  );
  return {
    name: domain,
    title: `The tables of the domain ${domain}`,
    nodes: [
      ...own.map((table) => node(table, table.columns.filter(isTelling))),
      ...others.map((table) => node(table, [])),
    ],
    edges,
  };
}

/** The legal steps of a status, from the initial one. */
export function lifecycleDiagram(
  table: TableReference,
  { property, transitions }: Lifecycle,
): LifecycleDiagram {
  const column = table.columns.find((candidate) => candidate.property === property);
  const steps = Object.entries(transitions).flatMap(([from, following]) =>
    following.map((to) => ({ from, to })),
  );
  return {
    name: `${table.name}-${property}`,
    title: `Life cycle of ${table.name}.${column?.name}`,
    steps,
    first: String(column?.default).replaceAll("'", ''),
    ends: Object.keys(transitions).filter((status) => transitions[status]?.length === 0),
  };
}

/** Whether a column is important: a key, a reference, a status, a name, a path or a time. */
function isTelling({ isKey, leadsTo, values, name }: ColumnReference): boolean {
  return (
    isKey || leadsTo !== undefined || values.length > 0 || /^(name|short_name|.*_path|.*_time)$/.test(name)
  );
}

function node(
  { name, domain, columns: all }: TableReference,
  columns: readonly ColumnReference[],
): TableNode {
  return { table: name, domain, columns, more: columns.length === 0 ? 0 : all.length - columns.length };
}

function edgesOf({ name, foreignKeys, columns }: TableReference): Edge[] {
  return foreignKeys.map(({ columns: [column = ''], to }) => ({
    from: name,
    to,
    column,
    nullable: columns.find((candidate) => candidate.name === column)?.nullable ?? false,
  }));
}
