import { coloursOf, drawing, element, label, legend, marksOf } from '../html/markup.js';
import type { NightExecution } from './night.js';

const WIDTH = 800;
const HEIGHT = 400;
/** Margin for dots at the rim. */
const MARGIN = 20;
const RADIANS = Math.PI / 180;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The Hammer projection: equal areas, longitude from -180 to 180 to the left. */
export function hammer(longitudeDeg: number, latitudeDeg: number): Point {
  const longitude = longitudeDeg * RADIANS;
  const latitude = latitudeDeg * RADIANS;
  const scale = Math.sqrt(1 + Math.cos(latitude) * Math.cos(longitude / 2));
  const across = (Math.cos(latitude) * Math.sin(longitude / 2)) / scale;
  return { x: (WIDTH / 2) * (1 - across), y: (HEIGHT / 2) * (1 - Math.sin(latitude) / scale) };
}

/** The observed positions: a dot for each, larger the longer it was observed. */
export function skyMap(executions: readonly NightExecution[]): string {
  const colours = coloursOf(executions.map(({ instrument }) => instrument));
  const dots = positions(executions).map(({ raDeg, decDeg, seconds, source, instrument }) => {
    const { x, y } = hammer(raDeg > 180 ? raDeg - 360 : raDeg, decDeg);
    const shape = { cx: round(x), cy: round(y), r: radiusOf(seconds), fill: colours.get(instrument) ?? '' };
    const hours = (seconds / 3600).toFixed(1);
    return element('circle', { class: 'position', ...shape }, [
      label('title', `${source}: ${hours} h with ${instrument}`),
    ]);
  });
  const inside = element('g', { transform: `translate(${MARGIN} ${MARGIN})` }, [
    ...grid(),
    ...dots,
    ...scale(),
  ]);
  const picture = drawing('Positions observed', WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN, [inside]);
  return legend(marksOf(colours)) + picture;
}

function radiusOf(seconds: number): number {
  return round(2 + Math.sqrt(seconds) / 20);
}

/** How long the dots of some sizes were observed, in the corner that the sky leaves free. */
function scale(): string[] {
  return [1, 4, 9].map((hours, index) => {
    const [x, y] = [10 + 50 * index, HEIGHT - 10];
    const dot = element('circle', { class: 'scale', cx: x, cy: y, r: radiusOf(hours * 3600) });
    return dot + label('text', `${hours} h`, { x: x + 14, y: y + 4 });
  });
}

interface Position {
  readonly raDeg: number;
  readonly decDeg: number;
  readonly source: string;
  readonly instrument: string;
  readonly seconds: number;
}

/** Each source once for each instrument; executions of which the position was not noted are left out. */
function positions(executions: readonly NightExecution[]): Position[] {
  const found = new Map<string, Position>();
  for (const { instrumentConfiguration, source, instrument, startTime, endTime } of executions) {
    const { ra_deg: raDeg, dec_deg: decDeg } = instrumentConfiguration;
    if (typeof raDeg !== 'number' || typeof decDeg !== 'number') continue;
    const key = `${source}/${instrument}`;
    const seconds = endTime ? (endTime.getTime() - startTime.getTime()) / 1000 : 0;
    const before = found.get(key)?.seconds ?? 0;
    found.set(key, { raDeg, decDeg, source, instrument, seconds: before + seconds });
  }
  return [...found.values()].sort((a, b) => b.seconds - a.seconds);
}

function grid(): string[] {
  const every = (from: number, to: number, step: number) =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  const meridians = every(-180, 180, 30).map((ra) => every(-90, 90, 5).map((dec) => hammer(ra, dec)));
  const parallels = every(-60, 60, 30).map((dec) => every(-180, 180, 5).map((ra) => hammer(ra, dec)));
  const lines = [...meridians, ...parallels].map((points) =>
    element('polyline', {
      points: points.map(({ x, y }) => `${round(x)},${round(y)}`).join(' '),
      class: 'grid',
    }),
  );
  const name = (text: string, { x, y }: Point) =>
    label('text', text, { x: round(x), y: round(y) - 3, class: 'tick' });
  const hours = every(-120, 120, 60).map((ra) => name(`${((ra + 360) % 360) / 15} h`, hammer(ra, 0)));
  const degrees = [-60, -30, 30, 60].map((dec) => name(`${dec}°`, hammer(0, dec)));
  return [...lines, ...hours, ...degrees];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
