import { visible } from '../../visible.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Escapes a text for a page, also for an attribute; invisible characters and those that change the writing direction
 * are spelled out.
 */
export function escapeText(text: string | number): string {
  return visible(String(text)).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

/** An element with attributes; its content is markup already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[] = [],
): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(value)}"`);
  return `<${name}${given.join('')}>${content.join('')}</${name}>`;
}

/** An element with a text. */
export function label(
  name: string,
  text: string | number,
  attributes: Readonly<Record<string, string | number>> = {},
): string {
  return element(name, attributes, [escapeText(text)]);
}

/** A table of texts. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const row = (name: string, cells: readonly (string | number)[]) =>
    element(
      'tr',
      {},
      cells.map((cell) => label(name, cell)),
    );
  return wide(element('table', {}, [row('th', head), ...rows.map((cells) => row('td', cells))]));
}

/** A drawing that is as wide as the page; its sizes are in its own units. */
export function drawing(title: string, width: number, height: number, content: readonly string[]): string {
  const attributes = { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title };
  return wide(element('svg', attributes, content));
}

/** Content that scrolls sideways where the window is too narrow. */
function wide(content: string): string {
  return element('div', { class: 'wide' }, [content]);
}

/** Colours that people with all kinds of sight can tell apart (Okabe and Ito), but for the one of {@link ALARM}. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#f0e442'];

/** The colour of what needs attention, and of nothing else. */
export const ALARM = '#d55e00';

/** A colour for each name. */
export function coloursOf(names: Iterable<string>): ReadonlyMap<string, string> {
  const sorted = [...new Set(names)].sort();
  return new Map(sorted.map((name, index) => [name, COLOURS[index % COLOURS.length] as string]));
}

/** How something looks in a chart, and what it stands for. */
export interface Mark {
  /** Declarations of CSS. */
  readonly style: string;
  /** What it stands for. */
  readonly text: string;
}

/** The marks of names that have a colour. */
export function marksOf(colours: ReadonlyMap<string, string>): Mark[] {
  return [...colours].map(([name, colour]) => ({ style: `background:${colour}`, text: name || 'not known' }));
}

/** The legend of a chart. */
export function legend(marks: readonly Mark[]): string {
  return element(
    'p',
    { class: 'legend' },
    marks.map(({ style, text }) => element('span', {}, [element('i', { style }), escapeText(text)])),
  );
}
