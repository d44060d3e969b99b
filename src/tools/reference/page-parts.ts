import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../package-root.js';
import { element, escapeText, label } from '../html/markup.js';
import { highlight } from './highlight.js';
import type { ModelReference } from './model.js';

/** Attributes of an element of the page. */
export type Attributes = Readonly<Record<string, string | number>>;

/** An entry of the page, which links lead to. */
export function entry(id: string, attributes: Attributes, content: readonly string[]): string {
  return element('article', { id, ...attributes }, content);
}

/** Takes the focus when the reader comes to its entry. */
export function heading(text: string): string {
  return label('h1', text, { tabindex: -1 });
}

/** A part of an entry. */
export function section(title: string, content: string): string {
  return element('section', {}, [label('h2', title), content]);
}

/** A part of an entry that the reader opens. */
export function folded(title: string, content: string): string {
  return element('details', { class: 'folded' }, [label('summary', title), content]);
}

/** A text of a program. */
export function program(text: string, language: Parameters<typeof highlight>[1]): string {
  return element('pre', { tabindex: 0 }, [element('code', {}, [highlight(text.trim(), language)])]);
}

/** A diagram of docs/, whose links lead to entries of the page. */
export function drawing(name: string, title: string): string {
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

/** A table of texts. */
export function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
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

/** A table of rows that are markup already. */
export function gridOf(head: readonly string[], rows: readonly string[]): string {
  const heads = head.map((name) => label('th', name, { scope: 'col' }));
  return element('div', { class: 'scroll' }, [
    element('table', {}, [element('thead', {}, [element('tr', {}, heads)]), element('tbody', {}, rows)]),
  ]);
}

/** A line of facts; nothing where there is no value. */
export function fact(name: string, value: string): string[] {
  return value ? [label('dt', name), element('dd', {}, [value])] : [];
}

/** A link to the entry of a table. */
export function link(table: string): string {
  return label('a', table, { href: `#${table}`, class: 'table' });
}

/** A name. */
export function code(text: string): string {
  return label('code', text);
}

/** Marks the names that stand between back quotes. */
export function withCode(text: string): string {
  return escapeText(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** A colour for each domain, far from those of its neighbours. */
export function tint(domain: string, domains: readonly string[]): Attributes {
  return { style: hue(domain, domains) };
}

/** Links to tables, in diagrams, too, have the colour of the domain that they lead to. */
export function tints({ domains, tables }: ModelReference): string {
  return tables.map(({ name, domain }) => `a[*|href="#${name}"] { ${hue(domain, domains)} }`).join('\n');
}

function hue(domain: string, domains: readonly string[]): string {
  return `--hue: ${Math.round((domains.indexOf(domain) * 360) / domains.length + 250) % 360}`;
}
