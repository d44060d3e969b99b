import { type Command, InvalidArgumentError } from 'commander';
import type { ObsUnit } from '../../entities/index.js';
import {
  type Dispatch,
  type DispatchOptions,
  dispatchOf,
  dispatchSummary,
  type ModeSummary,
  obsUnitForDispatch,
} from '../../services/dispatch/index.js';
import { coloured, DatabaseCommand, type Output, print } from './command.js';
import { ofOneMoment } from './connect.js';
import { table } from './table.js';

interface Options extends Output {
  readonly at?: Date;
}

/** `opsdb unit`: the arguments of the dispatch for an obs unit, or why it cannot be dispatched. */
export function unitCommand(): Command {
  return new DatabaseCommand('unit', {
    'opsdb unit Wide01/pong/280': 'task and parameters, or why it cannot be dispatched',
    'opsdb unit Mars/planet_cal/Prime-Cam --at 2026-12-01T03:00:00Z --json':
      'the same at a time, for a program',
    'opsdb unit': 'units by mode: how many may be stored, and can be dispatched',
  })
    .description(
      'Show the task and parameters that dispatch an obs unit at the telescope, or why it cannot be dispatched.',
    )
    .argument('[name]', 'name of the obs unit; without one all units are counted by mode')
    .option(
      '--at <instant>',
      'when the unit would start, for the position of a moving target; by default now',
      instant,
    )
    .action(async (name: string | undefined, { at, ...output }: Options) => {
      const options = at ? { at } : {};
      if (name === undefined) await countUnits(options, output);
      else await showUnit(name, options, output);
    });
}

async function countUnits(options: DispatchOptions, output: Output): Promise<void> {
  print(await ofOneMoment((manager) => dispatchSummary(manager, options)), output, describeModes);
}

async function showUnit(name: string, options: DispatchOptions, output: Output): Promise<void> {
  const unit = await ofOneMoment((manager) => obsUnitForDispatch(manager, name));
  const dispatch = dispatchOf(unit, options);
  const { state, available, availabilityReason } = unit;
  const source = unit.source?.name;
  const shown = { name, mode: unit.obsMode?.name, source, state, available, availabilityReason, ...dispatch };
  print(shown, output, () => describe(unit, dispatch));
}

function describeModes(modes: readonly ModeSummary[]): string {
  const rows = modes.map(
    ({ mode, isScan, storable, dispatchable, available, availableDispatchable, all }) => [
      mode,
      storable,
      isScan ? dispatchable : 'no task',
      isScan ? `${availableDispatchable} of ${available}` : available,
      all,
    ],
  );
  return table(['mode', 'storable', 'dispatchable', 'of those available', 'all'], rows);
}

function describe(unit: ObsUnit, dispatch: Dispatch): string {
  const { name, obsMode, source, state, available, availabilityReason } = unit;
  const why = availabilityReason ? ` (${availabilityReason})` : '';
  const verdict = dispatch.dispatchable
    ? coloured('ok', 'can be dispatched')
    : coloured('fail', 'cannot be dispatched');
  return [
    `${name}: ${obsMode?.name} on ${source?.name}, ${state}, ${available ? 'available' : `not available${why}`}`,
    `${verdict}; ${dispatch.storable ? 'may be stored' : coloured('fail', 'must not be stored')}`,
    ...dispatch.issues.map(({ key, code, message }) => `  ${key} ${message} [${code}]`),
    ...dispatch.warnings.map(({ message }) => `  ${coloured('warn', 'the planner warns')}: ${message}`),
    ...(dispatch.dispatchable ? [dispatch.task, JSON.stringify(dispatch.scanParams, null, 2)] : []),
  ].join('\n');
}

function instant(text: string): Date {
  const value = new Date(text);
  if (/T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) && !Number.isNaN(value.getTime())) return value;
  throw new InvalidArgumentError('It must be an instant with its zone, such as 2026-12-01T03:00:00Z.');
}
