import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../package-root.js';
import { htmlDocument } from '../html/document.js';
import { element, label } from '../html/markup.js';
import { exampleRows } from './examples.js';
import { describeModel, type ModelReference } from './model.js';
import { domainEntry, enumEntry, tableEntries, viewEntry } from './page-entries.js';
import { type Attributes, drawing, entry, heading, link, tint, tints } from './page-parts.js';
import { DOMAIN_PURPOSES } from './purposes.js';
import { createStatements, postgresqlModel } from './statements.js';

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
        id: 'search',
        type: 'search',
        placeholder: 'Search tables, columns, values',
        autocomplete: 'off',
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

function asset(name: string): string {
  return readFileSync(path.join(packageRoot(), 'src', 'tools', 'reference', 'assets', name), 'utf8');
}
