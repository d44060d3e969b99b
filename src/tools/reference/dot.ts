import { escapeText } from '../html/markup.js';
import type { LifecycleDiagram, TableDiagram, TableNode } from './graph.js';

/** Placeholder for the text colour of the page. */
export const INK = '#010203';
/** Placeholder for a fainter colour. */
export const FAINT = '#040506';
/** Placeholder for the background of table heads. */
export const SHADE = '#070809';

const COMMON = `bgcolor="transparent"; fontname="Helvetica"; fontsize=12; fontcolor="${FAINT}"; color="${FAINT}";
  node [fontname="Helvetica", fontsize=11, fontcolor="${INK}", color="${FAINT}"];
  edge [fontname="Helvetica", fontsize=9, fontcolor="${FAINT}", color="${FAINT}", arrowsize=0.7];`;

/**
 * A diagram of tables for Graphviz. An arrow leads from the referring table to the other; it is dashed where the
 * reference may be null.
 */
export function tableDot({ title, nodes, edges }: TableDiagram): string {
  const [{ domain = '' } = {}] = nodes;
  const plain = nodes.every(({ columns }) => columns.length === 0);
  const domains = plain ? [...new Set(nodes.map((node) => node.domain))] : [];
  const drawn = plain
    ? [...new Set(edges.map(({ from, to }) => `  ${from} -> ${to};`))]
    : edges.map(({ from, to, column, nullable }) => {
        const style = nullable ? ', style=dashed' : '';
        return `  ${from}:${column}:e -> ${to} [tooltip="${from}.${column}"${style}];`;
      });
  return `digraph {
  tooltip="${title}"; rankdir=LR; ranksep=${plain ? 0.4 : 1}; nodesep=0.25; newrank=true;
  ${COMMON}
${plain ? domains.map((each) => cluster(each, nodes)).join('\n') : nodes.map((node) => `  ${box(node, node.domain === domain)}`).join('\n')}
${drawn.join('\n')}
}
`;
}

/** A life cycle for Graphviz. */
export function lifecycleDot({ title, first, steps, ends }: LifecycleDiagram): string {
  const statuses = [...new Set([first, ...steps.flatMap(({ from, to }) => [from, to])])];
  return `digraph {
  tooltip="${title}"; rankdir=LR; ranksep=0.55; nodesep=0.35;
  ${COMMON}
  node [shape=box, style="rounded", margin="0.14,0.06", color="${INK}"];
  begin [shape=circle, style=filled, fillcolor="${INK}", label="", width=0.12, tooltip="new row"];
  begin -> ${first};
${statuses.map((status) => `  ${status} [label="${status}", tooltip="${status}"${ends.includes(status) ? ', peripheries=2' : ''}];`).join('\n')}
${steps.map(({ from, to }) => `  ${from} -> ${to} [tooltip="${from} → ${to}"];`).join('\n')}
}
`;
}

function cluster(domain: string, nodes: readonly TableNode[]): string {
  const own = nodes.filter((node) => node.domain === domain);
  return `  subgraph cluster_${domain} { label="${domain}"; fontsize=15; style="rounded"; margin=10;
${own.map((node) => `    ${box(node, true)}`).join('\n')}
  }`;
}

/** Columns stand in rows, from which the arrows begin. */
function box({ table, columns, more }: TableNode, isOwn: boolean): string {
  const link = `URL="#${table}", target="_top", tooltip="${table}"`;
  if (columns.length === 0)
    return `${table} [shape=box, margin="0.1,0.05", height=0.3, fontsize=13, ${link}, style="${isOwn ? 'solid' : 'dashed'}", label="${table}"];`;
  const rows = columns.map(
    ({ name, type, isKey }) =>
      `<TR><TD PORT="${name}" ALIGN="LEFT">${isKey ? `<B>${name}</B>` : name}  <FONT COLOR="${FAINT}">${escapeText(shortType(type))}</FONT></TD></TR>`,
  );
  const rest =
    more > 0 ? [`<TR><TD ALIGN="LEFT"><FONT COLOR="${FAINT}">and ${more} more</FONT></TD></TR>`] : [];
  const head = `<TR><TD BGCOLOR="${SHADE}"><B>${table}</B></TD></TR>`;
  return `${table} [shape=plain, ${link}, label=<<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" COLOR="${FAINT}">${[head, ...rows, ...rest].join('')}</TABLE>>];`;
}

function shortType(type: string): string {
  return type.replace('timestamp(3) with time zone', 'timestamptz').replace('double precision', 'double');
}
