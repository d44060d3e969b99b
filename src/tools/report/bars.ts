import { element, label } from '../html/markup.js';

/** A bar: a part of a whole. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly all: number;
  /** Text beside the bar. */
  readonly text: string;
}

/** Bars one below the other, on one scale from 0 to the largest whole. */
export function bars(rows: readonly Bar[]): string {
  const most = Math.max(1, ...rows.map(({ all }) => all));
  const length = (amount: number) => ({ style: `width:${(100 * amount) / most}%` });
  const content = rows.flatMap(({ name, value, all, text }) => [
    label('span', name, { class: 'name' }),
    label('span', text, { class: 'amount' }),
    element('span', { class: 'track' }, [
      element('i', { class: 'whole', ...length(all) }),
      element('i', { class: 'part', ...length(value) }),
    ]),
  ]);
  return element('div', { class: 'bars' }, content);
}
