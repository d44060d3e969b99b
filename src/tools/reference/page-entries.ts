import { element, escapeText, label } from '../html/markup.js';
import type { ExampleRow } from './examples.js';
import { lifecycleDiagram } from './graph.js';
import type {
  ColumnReference,
  EnumReference,
  ModelReference,
  RuleReference,
  TableReference,
  ViewReference,
} from './model.js';
import {
  code,
  drawing,
  entry,
  fact,
  folded,
  grid,
  gridOf,
  heading,
  link,
  program,
  section,
  tint,
  withCode,
} from './page-parts.js';
import { DOMAIN_PURPOSES } from './purposes.js';

/** Further content of the page beside the model. */
export interface Shown {
  readonly model: ModelReference;
  readonly statements: ReadonlyMap<string, string>;
  readonly examples: ReadonlyMap<string, ExampleRow>;
}

/** A domain with its diagram and its tables. */
export function domainEntry(domain: string, { domains, tables }: ModelReference): string {
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

/** The tables of a domain. */
export function tableEntries(domain: string, shown: Shown): string[] {
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

/** A view and its columns. */
export function viewEntry({ name, entity, purpose, columns }: ViewReference): string {
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

/** An enumeration, its values and where it is used. */
export function enumEntry(
  { name, summary, values, notes }: EnumReference,
  { tables }: ModelReference,
): string {
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
