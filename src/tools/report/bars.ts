import { element, label, legend, type Mark } from '../html/markup.js';

/** A bar: a part of a whole. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly all: number;
  /** Text beside the bar. */
  readonly text: string;
}

/** What the two parts of bars stand for; all bars of a page look alike, whatever is counted. */
export interface BarMeaning {
  /** The dark part. */
  readonly value: string;
  /** The whole bar; left out where it is never longer than the dark part. */
  readonly all?: string;
}

/** Bars one below the other, on one scale from 0 to the largest whole. */
export function bars(rows: readonly Bar[], meaning: BarMeaning): string {
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
  const marks: Mark[] = [{ style: 'background:currentColor;opacity:.65', text: meaning.value }];
  if (meaning.all) marks.push({ style: 'background:currentColor;opacity:.15', text: meaning.all });
  return legend(marks) + element('div', { class: 'bars' }, content);
}
