import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../package-root.js';
import { htmlDocument } from '../html/document.js';
import { element, escapeText, label } from '../html/markup.js';
import { type ExampleRow, exampleRows } from './examples.js';
import { lifecycleDiagram } from './graph.js';
import { highlight } from './highlight.js';
import {
  type ColumnReference,
  describeModel,
  type EnumReference,
  type ModelReference,
  type RuleReference,
  type TableReference,
  type ViewReference,
} from './model.js';
import { DOMAIN_PURPOSES } from './purposes.js';
import { createStatements, postgresqlModel } from './statements.js';

type Attributes = Readonly<Record<string, string | number>>;

/** What the page shows of tables besides the model itself. */
interface Shown {
  readonly model: ModelReference;
  readonly statements: ReadonlyMap<string, string>;
  readonly examples: ReadonlyMap<string, ExampleRow>;
}

/**
 * A page to browse the model, complete in itself: tables by domain with diagrams, columns, rules, life cycles, an example
 * row, the entity's TypeScript and the SQL. Made from the entities alone; no database is asked.
 * @returns the HTML of the page
 *
 * @example
 * import { schemaPage } from 'ccat-ops-db/reference';
 *
 * console.log((await schemaPage()).includes('raw_data_package')); // true
 */
export async function schemaPage(): Promise<string> {
  const dataSource = await postgresqlModel();
  const model = describeModel(dataSource);
  const shown = { model, statements: createStatements(dataSource), examples: await exampleRows() };
  const { version } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'));
  return htmlDocument({
    title: 'ccat-ops-db: the schema',
    style: asset('page.css') + tints(model),
    script: asset('page.js'),
    body: [
      header(version),
      element('div', { class: 'frame' }, [
        navigation(model),
        element('main', {}, [
          overview(model),
          ...model.domains.flatMap((domain) => [domainEntry(domain, model), ...tableEntries(domain, shown)]),
          ...model.views.map(viewEntry),
          ...model.enums.map((each) => enumEntry(each, model)),
        ]),
      ]),
    ],
  });
}

function header(version: string): string {
  return element('header', {}, [
    element('a', { class: 'brand', href: '#overview' }, [label('b', 'ccat-ops-db'), label('span', version)]),
    element('div', { class: 'search', role: 'search' }, [
      element('input', {
        ...{
          id: 'search',
          type: 'search',
          placeholder: 'Search tables, columns, values',
          autocomplete: 'off',
        },
        role: 'combobox',
        'aria-label': 'Search',
        'aria-controls': 'found',
        'aria-expanded': 'false',
        'aria-autocomplete': 'list',
        spellcheck: 'false',
      }).replace('</input>', ''),
      label('kbd', '/'),
      element('ul', { id: 'found', role: 'listbox', 'aria-label': 'Found', hidden: '' }),
    ]),
    element('button', { id: 'theme', type: 'button', 'aria-label': 'Light or dark' }, [
      label('span', 'Auto'),
    ]),
  ]);
}

function navigation({ domains, tables, views, enums }: ModelReference): string {
  const item = (id: string, text: string) => element('li', {}, [label('a', text, { href: `#${id}` })]);
  const group = (title: string, items: readonly string[], attributes: Attributes) =>
    element('details', { open: '', ...attributes }, [
      element('summary', {}, [title]),
      element('ul', {}, items),
    ]);
  return element('nav', { 'aria-label': 'Tables' }, [
    element('ul', {}, [item('overview', 'Overview')]),
    ...domains.map((domain) =>
      group(
        label('a', domain, { href: `#domain-${domain}` }),
        tables.filter((table) => table.domain === domain).map(({ name }) => item(name, name)),
        tint(domain, domains),
      ),
    ),
    group(
      'views',
      views.map(({ name }) => item(name, name)),
      {},
    ),
    group(
      'enumerations',
      enums.map(({ name }) => item(`enum-${name}`, name)),
      {},
    ),
  ]);
}

function overview(model: ModelReference): string {
  const { domains, tables, views, enums } = model;
  const count = (values: readonly (readonly unknown[])[]) =>
    values.reduce((sum, { length }) => sum + length, 0);
  const figures: [number, string][] = [
    [tables.length, 'tables'],
    [count(tables.map(({ columns }) => columns)), 'columns'],
    [count(tables.map(({ foreignKeys }) => foreignKeys)), 'foreign keys'],
    [count(tables.map(({ checks }) => checks)), 'checks'],
    [count(tables.map(({ indexes }) => indexes)), 'indexes'],
    [count(tables.map(({ lifecycles }) => lifecycles)), 'life cycles'],
    [enums.length, 'enumerations'],
    [views.length, views.length === 1 ? 'view' : 'views'],
  ];
  return entry('overview', {}, [
    heading('The operations database'),
    label('p', 'What was observed, which files exist, where every copy lies and in which state.', {
      class: 'lead',
    }),
    element(
      'dl',
      { class: 'figures' },
      figures.map(([value, name]) => element('div', {}, [label('dt', name), label('dd', value)])),
    ),
    element(
      'ul',
      { class: 'cards' },
      domains.map((domain) => {
        const own = tables.filter((table) => table.domain === domain);
        return element('li', { class: 'card', ...tint(domain, domains) }, [
          label('a', domain, { href: `#domain-${domain}`, class: 'title' }),
          label('p', `${DOMAIN_PURPOSES[domain]}.`),
          element(
            'p',
            { class: 'links' },
            own.map(({ name }) => link(name)),
          ),
        ]);
      }),
    ),
    drawing('overview', 'How the tables hang together'),
  ]);
}

function domainEntry(domain: string, { domains, tables }: ModelReference): string {
  const rows = tables
    .filter((table) => table.domain === domain)
    .map(({ name, purpose, columns }) => [link(name), escapeText(purpose), String(columns.length)]);
  return entry(`domain-${domain}`, tint(domain, domains), [
    label('p', 'domain', { class: 'kind' }),
    heading(domain),
    label('p', `${DOMAIN_PURPOSES[domain]}.`, { class: 'lead' }),
    drawing(domain, 'Tables and what they lead to'),
    grid(['table', 'what its rows are', 'columns'], rows),
  ]);
}

function tableEntries(domain: string, shown: Shown): string[] {
  return shown.model.tables
    .filter((table) => table.domain === domain)
    .map((table) => tableEntry(table, shown));
}

function tableEntry(table: TableReference, { model, statements, examples }: Shown): string {
  const { name, domain, purpose, writers, classes, columns, foreignKeys, referredBy, lifecycles } = table;
  const leadsTo = [...new Set(foreignKeys.map(({ to }) => to))];
  const referring = [...new Set(referredBy.map((each) => each.table))];
  const example = examples.get(name);
  return entry(name, tint(domain, model.domains), [
    element('p', { class: 'kind' }, ['table in ', label('a', domain, { href: `#domain-${domain}` })]),
    heading(name),
    label('p', purpose, { class: 'lead' }),
    element('dl', { class: 'facts' }, [
      ...fact('Written by', withCode(writers)),
      ...fact('Leads to', leadsTo.map(link).join(' ')),
      ...fact('Referred to by', referring.map(link).join(' ')),
      ...(classes.length > 1
        ? fact(
            'Members',
            classes
              .slice(1)
              .map((each) => `${code(each.name)} ${escapeText(each.summary)}`)
              .join('<br>'),
          )
        : []),
    ]),
    section('Columns', columnGrid(name, columns)),
    ...lifecycles.map((each) => {
      const { name: file, title } = lifecycleDiagram(table, each);
      return drawing(file, title);
    }),
    section('Keys and indexes', rules(table)),
    table.checks.length > 0 ? folded(`Checks (${table.checks.length})`, checks(table)) : '',
    example
      ? section(
          'Example',
          [
            label('p', `${example.entity}, from ${example.origin}`, { class: 'origin' }),
            program(JSON.stringify(example.row, null, 2), 'json'),
          ].join(''),
        )
      : section(
          'Example',
          label('p', 'Neither the starting state nor a simulated night has a row.', { class: 'origin' }),
        ),
    ...classes.map((each) => folded(`TypeScript: ${each.file}`, program(each.text, 'typescript'))),
    folded('SQL for PostgreSQL', program(statements.get(name) ?? '', 'sql')),
  ]);
}

function columnGrid(table: string, columns: readonly ColumnReference[]): string {
  const head = ['column', 'type', 'meaning', 'unit', 'null means', 'default'];
  const rows = columns.map((column) => {
    const { name, meaning, members, unit = '', nullable, nullMeaning = 'in other members' } = column;
    const only = members.length > 0 ? ` ${label('small', `Only ${members.join(', ')}.`)}` : '';
    return element('tr', { id: `${table}.${name}`, ...(column.isKey ? { class: 'key' } : {}) }, [
      element('td', {}, [code(name)]),
      element('td', {}, [typeOf(column)]),
      element('td', {}, [escapeText(`${meaning}.`), only]),
      label('td', unit),
      label('td', nullable ? nullMeaning : '', { class: 'null' }),
      element('td', {}, [column.default === undefined ? '' : code(column.default)]),
    ]);
  });
  return gridOf(head, rows);
}

function typeOf({ type, enumName, values, leadsTo }: ColumnReference): string {
  if (enumName) return label('a', enumName, { href: `#enum-${enumName}` });
  if (values.length > 0) return values.map(code).join(' ');
  const short = escapeText(type.replace('timestamp(3) with time zone', 'timestamptz(3)'));
  return leadsTo ? `${short} → ${link(leadsTo)}` : short;
}

function rules({ keys, foreignKeys, indexes }: TableReference): string {
  const rows = (
    kind: string,
    all: readonly RuleReference[],
    note: (rule: RuleReference) => string = () => '',
  ) => all.map((rule) => [escapeText(kind), code(rule.name), code(rule.text), note(rule)]);
  const foreign = foreignKeys.map((rule) => [
    'foreign key',
    code(rule.name),
    `${code(`(${rule.columns.join(', ')})`)} → ${link(rule.to)}`,
    `on delete ${rule.onDelete.toLowerCase()}`,
  ]);
  return grid(
    ['', 'name', 'definition', 'what for'],
    [...rows('key', keys), ...foreign, ...rows('index', indexes, ({ use = '' }) => escapeText(use))],
  );
}

function checks({ checks: all }: TableReference): string {
  return grid(
    ['name', 'holds for every row'],
    all.map(({ name, text }) => [code(name), code(text)]),
  );
}

function viewEntry({ name, entity, purpose, columns }: ViewReference): string {
  const rows = columns.map(({ name: column, comment, unit = '', ucd, null: meaning = '' }) =>
    element('tr', { id: `${name}.${column}` }, [
      element('td', {}, [code(column)]),
      label('td', `${comment}.`),
      label('td', unit),
      element('td', {}, [code(ucd)]),
      label('td', meaning, { class: 'null' }),
    ]),
  );
  return entry(name, {}, [
    element('p', { class: 'kind' }, ['view, read with ', code(entity)]),
    heading(name),
    label('p', purpose, { class: 'lead' }),
    section('Columns', gridOf(['column', 'meaning', 'unit', 'UCD', 'null means'], rows)),
  ]);
}

function enumEntry({ name, summary, values, notes }: EnumReference, { tables }: ModelReference): string {
  const uses = tables.flatMap((table) =>
    table.columns
      .filter(({ enumName }) => enumName === name)
      .map((column) => label('a', `${table.name}.${column.name}`, { href: `#${table.name}.${column.name}` })),
  );
  return entry(`enum-${name}`, {}, [
    label('p', 'enumeration', { class: 'kind' }),
    heading(name),
    label('p', summary, { class: 'lead' }),
    element('dl', { class: 'facts' }, fact('Used by', uses.join(' '))),
    gridOf(
      ['value', 'member', 'meaning'],
      Object.entries(values).map(([member, value]) =>
        element('tr', { id: `enum-${name}.${value}` }, [
          element('td', {}, [code(value)]),
          element('td', {}, [code(member)]),
          label('td', notes.get(member) ?? ''),
        ]),
      ),
    ),
  ]);
}

function entry(id: string, attributes: Attributes, content: readonly string[]): string {
  return element('article', { id, ...attributes }, content);
}

/** Takes the focus when the reader comes to its entry. */
function heading(text: string): string {
  return label('h1', text, { tabindex: -1 });
}

function section(title: string, content: string): string {
  return element('section', {}, [label('h2', title), content]);
}

function folded(title: string, content: string): string {
  return element('details', { class: 'folded' }, [label('summary', title), content]);
}

function program(text: string, language: Parameters<typeof highlight>[1]): string {
  return element('pre', { tabindex: 0 }, [element('code', {}, [highlight(text.trim(), language)])]);
}

/** A diagram of docs/, whose links lead to entries of the page. */
function drawing(name: string, title: string): string {
  const text = readFileSync(path.join(packageRoot(), 'docs', 'diagrams', `${name}.svg`), 'utf8');
  const inPage = text
    .replace(/<style>[\s\S]*?<\/style>\n/, '')
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .replaceAll('"../schema.md#', '"#')
    .replace('<svg ', `<svg role="img" aria-label="${escapeText(title)}" `);
  return element('figure', {}, [
    element('div', { class: 'scroll', tabindex: 0 }, [inPage]),
    label('figcaption', title),
  ]);
}

function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return gridOf(
    head,
    rows.map((cells) =>
      element(
        'tr',
        {},
        cells.map((cell) => element('td', {}, [cell])),
      ),
    ),
  );
}

function gridOf(head: readonly string[], rows: readonly string[]): string {
  const heads = head.map((name) => label('th', name, { scope: 'col' }));
  return element('div', { class: 'scroll' }, [
    element('table', {}, [element('thead', {}, [element('tr', {}, heads)]), element('tbody', {}, rows)]),
  ]);
}

function fact(name: string, value: string): string[] {
  return value ? [label('dt', name), element('dd', {}, [value])] : [];
}

function link(table: string): string {
  return label('a', table, { href: `#${table}`, class: 'table' });
}

function code(text: string): string {
  return label('code', text);
}

/** Names stand between back quotes. */
function withCode(text: string): string {
  return escapeText(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** A colour for each domain, far from those of its neighbours. */
function tint(domain: string, domains: readonly string[]): Attributes {
  return { style: hue(domain, domains) };
}

/** Links to tables, in diagrams, too, have the colour of the domain that they lead to. */
function tints({ domains, tables }: ModelReference): string {
  return tables.map(({ name, domain }) => `a[*|href="#${name}"] { ${hue(domain, domains)} }`).join('\n');
}

function hue(domain: string, domains: readonly string[]): string {
  return `--hue: ${Math.round((domains.indexOf(domain) * 360) / domains.length + 250) % 360}`;
}

function asset(name: string): string {
  return readFileSync(path.join(packageRoot(), 'src', 'tools', 'reference', 'assets', name), 'utf8');
}
