import type { LifecycleDiagram, TableDiagram, TableNode } from './graph.js';

/** A diagram of tables as Mermaid text: entities and relations, or, without columns, boxes by domain. */
export function tableMermaid(diagram: TableDiagram): string {
  return diagram.nodes.every(({ columns }) => columns.length === 0) ? boxes(diagram) : entities(diagram);
}

/** A life cycle as Mermaid text. */
export function lifecycleMermaid({ title, first, steps, ends }: LifecycleDiagram): string {
  return lines([
    'stateDiagram-v2',
    ...described(title),
    '  direction LR',
    `  [*] --> ${first}`,
    ...steps.map(({ from, to }) => `  ${from} --> ${to}`),
    ...ends.map((status) => `  ${status} --> [*]`),
  ]);
}

function entities({ title, nodes, edges }: TableDiagram): string {
  return lines([
    'erDiagram',
    ...described(title),
    ...nodes.flatMap(entity),
    ...edges.map(
      ({ from, to, column, nullable }) => `  ${to} ${nullable ? '|o' : '||'}--o{ ${from} : ${column}`,
    ),
  ]);
}

function entity({ table, columns }: TableNode): string[] {
  if (columns.length === 0) return [`  ${table}`];
  const rows = columns.map(({ name, type, isKey, leadsTo }) => {
    const marks = [isKey && 'PK', leadsTo && 'FK'].filter(Boolean).join(', ');
    return `    ${type.replace(/\W+/g, '_').replace(/_$/, '')} ${name} ${marks}`.trimEnd();
  });
  return [`  ${table} {`, ...rows, '  }'];
}

function boxes({ title, nodes, edges }: TableDiagram): string {
  const domains = [...new Set(nodes.map(({ domain }) => domain))];
  const pairs = new Set(edges.map(({ from, to }) => `  ${from} --> ${to}`));
  return lines([
    'flowchart LR',
    ...described(title),
    // A box and its domain may have the same name.
    ...domains.flatMap((domain) => [
      `  subgraph domain-${domain}[${domain}]`,
      ...nodes.filter((node) => node.domain === domain).map(({ table }) => `    ${table}[${table}]`),
      '  end',
    ]),
    ...pairs,
  ]);
}

/** For those who do not see the diagram. */
function described(title: string): string[] {
  return [`  accTitle: ${title}`];
}

function lines(content: readonly string[]): string {
  return `${content.join('\n')}\n`;
}
