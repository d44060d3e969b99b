import type { EntityManager } from 'typeorm';
import { htmlDocument } from '../html/document.js';
import { ALARM, element, label, table } from '../html/markup.js';
import { describeBytes } from '../output/bytes.js';
import { type Attention, attentions } from './attention.js';
import { bars } from './bars.js';
import { type FlowReport, readFlow } from './flow.js';
import { type Neighbours, neighbours } from './neighbours.js';
import { type NightExecution, type NightReport, readNight } from './night.js';
import type { RunWarnings } from './run-warnings.js';
import { skyMap } from './sky-map.js';
import { readStorage } from './storage.js';
import { storageTable } from './storage-table.js';
import { timeline } from './timeline.js';
import { type NightVisibility, readVisibility, visibilityChart } from './visibility.js';
import { type Waiting, waitingWork } from './waiting.js';

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
  h1, h2 { line-height: 1.2; }
  .wide { overflow-x: auto; }
  svg { width: 100%; min-width: 45rem; height: auto; font-size: 12px; }
  svg text { fill: currentColor; }
  svg .tick { text-anchor: middle; font-size: 11px; opacity: .7; }
  svg .grid { stroke: currentColor; stroke-opacity: .2; fill: none; }
  svg .position { fill-opacity: .75; }
  svg .visible { fill-opacity: .2; }
  svg .broken-off { stroke: ${ALARM}; stroke-width: 2; }
  svg .scale { fill: currentColor; fill-opacity: .4; }
  .bars { display: grid; grid: auto-flow dense / max-content 1fr max-content; gap: .2rem .8rem; align-items: center; }
  .name { grid-column: 1; text-align: right; }
  .amount { grid-column: -2; }
  .track { grid-column: 2; position: relative; height: 1rem; }
  .track i { position: absolute; height: 100%; background: currentColor; opacity: .15; }
  .track .part { opacity: .65; }
  @media (max-width: 40rem) {
    .bars { grid-template-columns: 1fr max-content; }
    .name { text-align: left; }
    .track { grid-column: 1 / -1; }
  }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  td, th { padding: .2rem 1rem .2rem 0; text-align: left; white-space: nowrap; }
  summary { cursor: pointer; }
  .legend span { margin-right: 1.5rem; }
  nav { display: flex; gap: 1.5rem; flex-wrap: wrap; }
  #attention { border-left: .3rem solid ${ALARM}; padding-left: 1rem; }
  @media print {
    * { print-color-adjust: exact; }
    body { margin: 0; }
    section { break-inside: avoid; }
    nav, summary { display: none; }
    svg { min-width: 0; }
    table { font-size: .7em; }
    th { white-space: normal; }
    ::details-content { content-visibility: visible; block-size: auto; }
  }
  .legend i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px; }
`;

/** Options of {@link reportPage}. */
export interface ReportOptions {
  /** The address of the page of another night, where there is one: the nights before and after are links to it. */
  readonly addressOf?: (night: string) => string | undefined;
  /** Further links at the head of the page: addresses by their text. */
  readonly links?: Readonly<Record<string, string>>;
  /** Seconds after which a browser asks for the page again; by default it does not. */
  readonly refreshSeconds?: number;
}

/**
 * A page about some nights, complete in itself: what needs attention, timeline beside the visibility of what was
 * observed, stages of the data, states of the packages, bytes by site, positions on the sky, executions, and what waits
 * now.
 * @param firstNight such as `2026-11-23`
 * @param lastNight by default the first
 * @param options links to other nights, and how often the page reloads
 * @returns the HTML of the page
 *
 * @example
 * import { reportPage } from 'ccat-ops-db/report';
 *
 * const page = await reportPage(session, '2026-11-30');
 * console.log(/<h1>.*<\/h1>/.exec(page)?.[0]); // <h1>The night 2026-11-30</h1>
 */
export async function reportPage(
  manager: EntityManager,
  firstNight: string,
  lastNight = firstNight,
  { addressOf, links, refreshSeconds }: ReportOptions = {},
): Promise<string> {
  const report = await readNight(manager, firstNight, lastNight);
  const flow = await readFlow(manager, firstNight, lastNight);
  const waiting = await waitingWork(manager);
  const visibility =
    firstNight === lastNight ? await readVisibility(manager, firstNight, report.executions) : undefined;
  const title =
    firstNight === lastNight ? `The night ${firstNight}` : `The nights ${firstNight} to ${lastNight}`;
  const now = new Date();
  const near = await neighbours(manager, [firstNight, lastNight]);
  const needed = attentions(report.executions, waiting, now);
  return htmlDocument({
    title,
    style: STYLE,
    refreshSeconds,
    body: [
      navigation(near, addressOf, links),
      label('h1', title),
      label('p', `${summary(report)} As of ${minute(now)} UTC.`),
      ...(needed.length > 0 ? [section('attention', 'What needs attention', attentionTable(needed))] : []),
      ...(report.executions.length > 0
        ? nightSections(report, flow, visibility)
        : [section('empty', 'Why there are no charts', label('p', EMPTY))]),
      section('waiting', 'What waits', waitingTable(waiting)),
      section('storage', 'Room, age and health of the locations', storageTable(await readStorage(manager))),
    ],
  });
}

const EMPTY =
  'No execution of this time is in the database. Either nothing was observed, or it was not filed yet: opsdb spool says ' +
  'at the telescope what is still to be sent. The nights beside it that were observed are named at the head of the page.';

function nightSections(
  { firstNight, executions, stages, packages, warnings }: NightReport,
  { sites, flows }: FlowReport,
  visibility: NightVisibility | undefined,
): string[] {
  const reached = stages.map(({ name, done, all }) => ({
    name,
    value: all === 0 ? 0 : done / all,
    all: 1,
    text: `${done} of ${all}`,
  }));
  const all = Object.values(packages).reduce((sum, count) => sum + count, 0);
  const states = Object.entries(packages).map(([name, count]) => ({
    name,
    value: count,
    all,
    text: `${count} of ${all}`,
  }));
  const places = sites.map(({ site, locationType, present, deleted }) => ({
    name: `${site}: ${locationType.replaceAll('_', ' ')}`,
    value: present,
    all: present + deleted,
    text: `${describeBytes(present)} there, ${describeBytes(deleted)} deleted`,
  }));
  const ways = flows.map(({ from, to, bytes, transfers }) => ({
    name: `${from} → ${to}`,
    value: bytes,
    all: bytes,
    text: `${describeBytes(bytes)} in ${transfers} transfers`,
  }));
  const visible = visibility
    ? label('h3', 'When these units could be observed, and when they were') +
      visibilityChart(firstNight, executions, visibility)
    : '';
  return [
    section('timeline', 'Timeline, noon to noon, UTC', timeline(executions) + visible),
    section(
      'stages',
      'How far the data have come',
      bars(reached, { value: 'past this stage', all: 'all there are' }),
    ),
    section('warnings', 'Reductions that completed with warnings', warningTable(warnings)),
    section('packages', 'Packages by state', bars(states, { value: 'in this state', all: 'all there are' })),
    section('bytes', 'Bytes by site', bars(places, { value: 'there', all: 'there, or deleted since' })),
    section(
      'flow',
      'Bytes between sites',
      ways.length > 0 ? bars(ways, { value: 'sent in completed transfers' }) : label('p', 'None yet.'),
    ),
    section(
      'sky',
      'Positions observed, right ascension [h] and declination [deg], larger the longer',
      skyMap(executions),
    ),
    section('executions', 'Executions', executionTable(executions)),
  ];
}

function section(id: string, title: string, content: string): string {
  return element('section', { id }, [label('h2', title), content]);
}

function summary({ executions }: NightReport): string {
  if (executions.length === 0) return 'Nothing was executed.';
  const files = executions.reduce((sum, execution) => sum + execution.files, 0);
  const bytes = executions.reduce((sum, execution) => sum + execution.bytes, 0);
  return `${executions.length} executions, ${files} files, ${describeBytes(bytes)}.`;
}

function attentionTable(attentions: readonly Attention[]): string {
  return table(
    ['why', 'what', 'since (UTC)'],
    attentions.map(({ reason, what, since }) => [reason, what, minute(since)]),
  );
}

/** The nights that were observed before and after, where there are any, and further links. */
function navigation(
  { before, after }: Neighbours,
  addressOf: ReportOptions['addressOf'],
  links: ReportOptions['links'] = {},
): string {
  const leading = (text: string, night: string, rel: string) => {
    const href = addressOf?.(night);
    return href === undefined ? label('span', text) : label('a', text, { href, rel });
  };
  const nights = [
    ...(before ? [leading(`← ${before}`, before, 'prev')] : []),
    ...(after ? [leading(`${after} →`, after, 'next')] : []),
  ];
  const others = Object.entries(links).map(([text, href]) => label('a', text, { href }));
  return element('nav', { 'aria-label': 'Nights' }, [...nights, ...others]);
}

function executionTable(executions: readonly NightExecution[]): string {
  const rows = executions.map((execution) => [
    minute(execution.startTime),
    execution.endTime ? minute(execution.endTime).slice(-5) : '',
    execution.status,
    execution.obsUnit,
    execution.program,
    execution.pwvMm?.toFixed(2) ?? '',
    execution.files,
    describeBytes(execution.bytes),
  ]);
  const head = ['start', 'end', 'status', 'obs unit', 'program', 'pwv [mm]', 'files', 'size'];
  return element('details', {}, [label('summary', 'Show all'), table(head, rows)]);
}

function waitingTable(waiting: readonly Waiting[]): string {
  if (waiting.length === 0) return label('p', 'Nothing waits.');
  return table(
    ['work', 'place', 'status', 'count', 'since'],
    waiting.map(({ work, place, status, count, since }) => [work, place, status, count, minute(since)]),
  );
}

function warningTable(warnings: readonly RunWarnings[]): string {
  if (warnings.length === 0) return label('p', 'None.');
  return table(
    ['pipeline', 'step', 'runs', 'latest run'],
    warnings.map(({ pipeline, step, runs, latestRun }) => [pipeline, step, runs, latestRun]),
  );
}

/** An instant as text, in UTC. */
function minute(instant: Date): string {
  return instant.toISOString().slice(0, 16).replace('T', ' ');
}
