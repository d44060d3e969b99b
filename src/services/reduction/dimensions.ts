import { ROOT } from './tables.js';

/** The columns that give a value of each dimension its name, in the order of the dimensions in a key. */
export const DIMENSIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['observing_program', ['ObservingProgram.shortName']],
  ['sub_observing_program', ['SubObservingProgram.shortName']],
  ['source', ['Source.name']],
  ['obs_unit', ['ObsUnit.name']],
  ['obs_mode', ['ObsMode.name']],
  ['line_id', ['ObsUnit.lineId']],
  ['instrument', ['Instrument.name']],
  ['instrument_module', ['InstrumentModule.name', 'Instrument.name']],
  ['observing_night', ['ExecutedObsUnit.observingNight']],
  ['executed_obs_unit', [`${ROOT}.executedObsUnitId`]],
]);

/**
 * Dimensions that packages can be divided by.
 *
 * @example
 * import { GROUP_BY, subGroups } from 'ccat-ops-db';
 *
 * const everything = { filterRules: [], instrumentModuleId: null };
 * const dividing = [];
 * for (const name of GROUP_BY)
 *   if ((await subGroups(session, everything, [name])).length > 3) dividing.push(name);
 * console.log(dividing); // [ 'source', 'obs_unit', 'executed_obs_unit' ]
 */
export const GROUP_BY: readonly string[] = [...DIMENSIONS.keys()];
