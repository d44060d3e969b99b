export { type ExportOptions, type ExportResult, exportPlanning } from './export.js';
export { CelestialSystem, type Direction, toIcrs } from './icrs.js';
export { InputFormat } from './input.js';
export type { InputOptions, LoadProgress, LoadResult } from './load.js';
export {
  type FolderOptions,
  initObsUnits,
  loadObsUnits,
  loadPreScheduledSlots,
  loadSources,
  type ObsUnitOptions,
  type SourceOptions,
} from './load-planning.js';
export type { Removal } from './removal.js';
export { exportForScheduler } from './scheduler.js';
export { StartingState } from './starting-state.js';
