import type { EntityManager } from 'typeorm';
import { describeBytes } from '../bytes.js';
import { bars } from './bars.js';
import { htmlDocument } from './document.js';
import { readFlow } from './flow.js';
import { element, label } from './markup.js';
import { type NightReport, readNight } from './night.js';
import { skyMap } from './sky-map.js';
import { timeline } from './timeline.js';
import { type Waiting, waitingWork } from './waiting.js';

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
  svg { width: 100%; height: auto; font-size: 12px; }
  svg text { fill: currentColor; }
  svg .name { text-anchor: end; }
  svg .tick { text-anchor: middle; font-size: 11px; opacity: .7; }
  svg .grid { stroke: currentColor; stroke-opacity: .2; fill: none; }
  svg .whole { fill: currentColor; fill-opacity: .15; }
  svg .part { fill: #0072b2; }
  svg .position { fill-opacity: .6; }
  table { border-collapse: collapse; }
  td, th { padding: .2rem 1rem .2rem 0; text-align: left; }
  .legend span { margin-right: 1.5rem; }
  .legend i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px; }
`;

/**
 * A page about some nights, complete in itself: timeline, stages of the data, bytes by site, positions on the sky, and
 * what waits now.
 * @param firstNight such as `2026-11-23`
 * @param lastNight by default the first
 * @returns the HTML of the page
 */
export async function reportPage(
  manager: EntityManager,
  firstNight: string,
  lastNight = firstNight,
): Promise<string> {
  const report = await readNight(manager, firstNight, lastNight);
  const { sites, flows } = await readFlow(manager, firstNight, lastNight);
  const waiting = await waitingWork(manager);
  const title =
    firstNight === lastNight ? `The night ${firstNight}` : `The nights ${firstNight} to ${lastNight}`;
  const places = sites.map(({ site, locationType, present, deleted }) => ({
    name: `${site}: ${locationType.replaceAll('_', ' ')}`,
    value: present,
    all: present + deleted,
    text: `${describeBytes(present)} of ${describeBytes(present + deleted)} are there`,
  }));
  const ways = flows.map(({ from, to, bytes, transfers }) => ({
    ...{ name: `${from} → ${to}`, value: bytes, all: bytes },
    text: `${describeBytes(bytes)} in ${transfers} transfers`,
  }));
  const stages = report.stages.map(({ name, done, all }) => ({
    ...{ name, value: all === 0 ? 0 : done / all, all: 1 },
    text: `${done} of ${all}`,
  }));
  return htmlDocument({
    title,
    style: STYLE,
    body: [
      label('h1', title),
      label('p', summary(report)),
      section('timeline', 'Timeline, noon to noon, UTC', timeline(report.executions)),
      section('stages', 'How far the data have come', bars('How far the data have come', stages)),
      section('bytes', 'Bytes by site', bars('Bytes by site', places) + bars('Bytes between sites', ways)),
      section('sky', 'Positions observed, right ascension and declination', skyMap(report.executions)),
      section('waiting', 'What waits now', waitingTable(waiting)),
    ],
  });
}

function section(id: string, title: string, content: string): string {
  return element('section', { id }, [label('h2', title), content]);
}

function summary({ executions }: NightReport): string {
  const files = executions.reduce((sum, execution) => sum + execution.files, 0);
  const bytes = executions.reduce((sum, execution) => sum + execution.bytes, 0);
  return `${executions.length} executions, ${files} files, ${describeBytes(bytes)}.`;
}

function waitingTable(waiting: readonly Waiting[]): string {
  if (waiting.length === 0) return label('p', 'Nothing waits.');
  const row = (cells: readonly (string | number)[], name: string) =>
    element(
      'tr',
      {},
      cells.map((cell) => label(name, cell)),
    );
  return element('table', {}, [
    row(['work', 'place', 'status', 'count', 'since'], 'th'),
    ...waiting.map(({ work, place, status, count, since }) =>
      row([work, place, status, count, since.toISOString().slice(0, 19)], 'td'),
    ),
  ]);
}
