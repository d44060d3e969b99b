import { domainDiagram, lifecycleDiagram, overviewDiagram } from './graph.js';
import type {
  ColumnReference,
  EnumReference,
  ModelReference,
  RuleReference,
  TableReference,
  ViewReference,
} from './model.js';

/** What the page on the documented model says of a table: the documented name and the heading that it stands under. */
export interface Documented {
  readonly name: string;
  readonly section: string;
}

/**
 * The schema reference as Markdown, `docs/schema.md`.
 * @param documented by the name of a table what it stands for in the original
 */
export function schemaMarkdown(
  model: ModelReference,
  documented: ReadonlyMap<string, readonly Documented[]>,
): string {
  const parts = [
    INTRODUCTION,
    contents(model),
    '## Overview',
    picture(overviewDiagram(model)),
    ...model.domains.flatMap((domain) => [
      `## Domain ${domain}`,
      picture(domainDiagram(model, domain)),
      ...model.tables
        .filter((table) => table.domain === domain)
        .flatMap((table) => tableParts(table, documented.get(table.name) ?? [])),
    ]),
    '## Views',
    ...model.views.flatMap(viewParts),
    '## Enumerations',
    'Each is an object of constants of the same name; the database refuses every other value.',
    ...model.enums.flatMap(enumParts),
  ];
  return `${parts.join('\n\n')}\n`;
}

const INTRODUCTION = `<!-- Written by \`npm run docs\` from the metadata of the entities. Do not edit. -->

# The schema

Every table of the model with what its columns mean. \`npx opsdb schema --html schema.html\` writes the same as a page to
search and click through.

- Types are those of PostgreSQL; [decision 3](decisions/0003-column-types-on-two-databases.md) has those of SQLite.
- Units are in VOUnits spelling. A column is nullable exactly where the table says what null means.
- Names of constraints are \`pk_\`, \`uq_\`, \`fk_\`, \`ix_\`, \`ck_\` with table and columns. Numbers of queries are those of
  [queries.md](queries.md).
- In the diagrams an arrow leads from the many to the one, dashed where it may be missing. Each is there as
  Mermaid text, too.`;

function contents({ domains, tables }: ModelReference): string {
  const rows = domains.map((domain) => {
    const own = tables.filter((table) => table.domain === domain);
    return `| [${domain}](#domain-${domain}) | ${own.map(({ name }) => link(name)).join(', ')} |`;
  });
  return ['| domain | tables |', '|---|---|', ...rows].join('\n');
}

function picture({ name, title }: { readonly name: string; readonly title: string }): string {
  return `![${title}](diagrams/${name}.svg)\n\n[as Mermaid text](diagrams/${name}.mmd)`;
}

function tableParts(table: TableReference, documented: readonly Documented[]): string[] {
  const {
    name,
    purpose,
    writers,
    classes,
    columns,
    keys,
    foreignKeys,
    indexes,
    checks,
    lifecycles,
    referredBy,
  } = table;
  const [first, ...members] = classes;
  return [
    `### ${name}`,
    purpose,
    [
      `- **Written by** ${writers}.`,
      first && `- **Class** [\`${first.name}\`](../${first.file}): ${first.summary}`,
      ...members.map((each) => `  - [\`${each.name}\`](../${each.file}): ${each.summary}`),
      documented.length > 0 && `- **Documented as** ${documented.map(documentedLink).join(', ')}`,
      referredBy.length > 0 &&
        `- **Referred to by** ${[...new Set(referredBy.map((each) => each.table))].map(link).join(', ')}`,
    ]
      .filter(Boolean)
      .join('\n'),
    columnTable(table.name, columns),
    ruleTable('keys', keys),
    ruleTable('foreign keys', foreignKeys, 'when the other row is deleted', ({ onDelete }) => onDelete),
    ruleTable('indexes', indexes, 'query that it serves', ({ use = '' }) => use),
    ruleTable('checks', checks),
    ...lifecycles.map((each) => picture(lifecycleDiagram(table, each))),
  ].filter((part): part is string => Boolean(part));
}

function columnTable(table: string, columns: readonly ColumnReference[]): string {
  const rows = columns.map((column) => {
    const { name, nullable, unit, meaning, nullMeaning, members } = column;
    const cells = [
      `<a id="${table}.${name}"></a>\`${name}\``,
      typeCell(column),
      nullable ? (nullMeaning ?? 'in the other members') : '',
      column.default === undefined ? '' : code(column.default),
      unit ?? '',
      `${meaning}.${members.length > 0 ? ` Only ${members.join(', ')}.` : ''}`,
    ];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  return [
    '| column | type | null means | default | unit | meaning |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function typeCell({ type, enumName, values, leadsTo }: ColumnReference): string {
  if (enumName) return `[${enumName}](#${enumName.toLowerCase()})`;
  if (values.length > 0) return values.map(code).join(', ');
  return leadsTo ? `${type} → ${link(leadsTo)}` : type;
}

function ruleTable<R extends RuleReference>(
  title: string,
  rules: readonly R[],
  more?: string,
  value: (rule: R) => string = () => '',
): string {
  if (rules.length === 0) return '';
  const rows = rules.map((rule) =>
    [code(rule.name), code(rule.text), ...(more ? [value(rule)] : [])].map(cell).join(' | '),
  );
  const head = [title, 'definition', ...(more ? [more] : [])];
  return [
    `| ${head.join(' | ')} |`,
    `|${'---|'.repeat(head.length)}`,
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function viewParts({ name, entity, purpose, columns }: ViewReference): string[] {
  const rows = columns.map(({ name: column, unit = '', ucd, comment, null: meaning = '' }) =>
    [`\`${column}\``, meaning, unit, code(ucd), `${comment}.`].map(cell).join(' | '),
  );
  return [
    `### ${name}`,
    `${purpose} Read with \`${entity}\`; see [decision 9](decisions/0009-obscore-view.md).`,
    [
      '| column | null means | unit | UCD | meaning |',
      '|---|---|---|---|---|',
      ...rows.map((row) => `| ${row} |`),
    ].join('\n'),
  ];
}

function enumParts({ name, summary, values, notes }: EnumReference): string[] {
  const rows = Object.entries(values).map(
    ([member, value]) => `| \`${member}\` | \`${value}\` | ${cell(notes.get(member) ?? '')} |`,
  );
  return [`### ${name}`, summary, ['| member | value | meaning |', '|---|---|---|', ...rows].join('\n')];
}

function documentedLink({ name, section }: Documented): string {
  return `[${name}](documented-model.md#${section.toLowerCase().replaceAll(' ', '-')})`;
}

function link(table: string): string {
  return `[${table}](#${table})`;
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
