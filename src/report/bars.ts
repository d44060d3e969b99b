import { drawing, element, label } from './markup.js';

/** A bar: what is reached of what there is. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly all: number;
  /** What stands beside the bar. */
  readonly text: string;
}

const LEFT = 240;
const WIDTH = 560;
const RIGHT = 200;
const ROW = 24;

/** Bars one below the other; each is drawn on one scale, from 0 to the largest whole. */
export function bars(title: string, rows: readonly Bar[]): string {
  const most = Math.max(1, ...rows.map(({ all }) => all));
  const content = rows.map(({ name, value, all, text }, index) => {
    const y = index * ROW;
    const box = { x: LEFT, y: y + 3, height: ROW - 8 };
    return [
      label('text', name, { x: LEFT - 8, y: y + 15, class: 'name' }),
      element('rect', { ...box, width: (WIDTH * all) / most, class: 'whole' }),
      element('rect', { ...box, width: (WIDTH * value) / most, class: 'part' }),
      label('text', text, { x: LEFT + (WIDTH * all) / most + 8, y: y + 15 }),
    ].join('');
  });
  return drawing(title, LEFT + WIDTH + RIGHT, rows.length * ROW, content);
}
