import type { EntityManager } from 'typeorm';
import { oneOf } from '../../database/one-of.js';
import { ObsUnit } from '../../entities/index.js';
import { DISPATCH_RELATIONS } from '../../services/dispatch/unit.js';
import { loadFollowedSources } from '../../services/sky/followed.js';
import { unitVisibility, type VisibleInterval } from '../../services/sky/index.js';
import { coloursOf, drawing, element, label, legend, marksOf } from '../html/markup.js';
import type { NightExecution } from './night.js';
import { across, DAY_MS, HEAD, hourLines, ROW, WIDTH } from './timeline.js';

/** When the units that were executed in a night could be observed, by the name of the unit. */
export type NightVisibility = ReadonlyMap<string, readonly VisibleInterval[]>;

/** Width for the names of units. */
const LEFT = 230;
const VISIBLE = { class: 'visible', fill: 'currentColor' };

/** When each unit of some executions can be observed from noon to noon, UTC. */
export async function readVisibility(
  manager: EntityManager,
  night: string,
  executions: readonly NightExecution[],
): Promise<NightVisibility> {
  const names = [...new Set(executions.map(({ obsUnit }) => obsUnit))];
  const units = await manager.find(ObsUnit, {
    where: { name: oneOf(manager, names) },
    relations: {
      ...DISPATCH_RELATIONS,
      instrumentModuleConfigurations: { instrumentModule: { instrument: { telescope: true } } },
    },
  });
  await loadFollowedSources(manager, units);
  const from = new Date(`${night}T12:00:00Z`);
  const to = new Date(from.getTime() + DAY_MS);
  const found = units.map((unit) => {
    const [module] = unit.instrumentModuleConfigurations ?? [];
    const telescope = module?.instrumentModule?.instrument?.telescope;
    return [unit.name, unitVisibility(unit, { from, to, telescope })] as const;
  });
  return new Map(found);
}

/** A line for each unit: pale while it could be observed, in the colour of its instrument while it was. */
export function visibilityChart(
  night: string,
  executions: readonly NightExecution[],
  visibility: NightVisibility,
): string {
  const colours = coloursOf(executions.map(({ instrument }) => instrument));
  const rows = [...visibility].map(([name, intervals], index) => {
    const y = HEAD + index * ROW;
    const bar = (
      kind: { class: string; fill: string },
      start: Date,
      end: Date,
      title: string,
      height: number,
    ) => {
      const x = across(LEFT, night, start);
      const width = Math.max(1.5, (WIDTH * (end.getTime() - start.getTime())) / DAY_MS);
      const place = { x, y: y + (ROW - 6 - height) / 2, width, height };
      return element('rect', { ...kind, ...place }, [label('title', title)]);
    };
    const visible = intervals.map(({ start, end }) =>
      bar(VISIBLE, start, end, `${name} can be observed from ${time(start)} to ${time(end)}`, ROW - 6),
    );
    const done = executions
      .filter(({ obsUnit }) => obsUnit === name)
      .map(({ startTime, endTime, status, instrument }) => {
        const kind = { class: 'done', fill: colours.get(instrument) ?? '' };
        return bar(kind, startTime, endTime ?? startTime, `${time(startTime)} ${name}, ${status}`, ROW - 14);
      });
    return label('text', name, { x: 0, y: y + 12 }) + [...visible, ...done].join('');
  });
  const height = HEAD + visibility.size * ROW;
  const marks = marksOf(colours).map(({ style, text }) => ({ style, text: `observed with ${text}` }));
  const could = { style: 'background:currentColor;opacity:.2', text: 'could be observed' };
  const picture = drawing('Visibility', LEFT + WIDTH + 30, height + 4, [...hourLines(LEFT, height), ...rows]);
  return legend([could, ...marks]) + picture;
}

function time(instant: Date): string {
  return instant.toISOString().slice(11, 16);
}
