export { noteConditions, type ObservationConditions } from './conditions.js';
export {
  type Assigned,
  type AssignOptions,
  assignExecutions,
  markOfNoExecution,
} from './executions-of-files.js';
export { fileRows, type NewRow } from './file-rows.js';
export type { Filed } from './lists.js';
export { instrumentModuleIds } from './module-names.js';
export { fileObsUnits, type NewObsUnit } from './obs-units.js';
export {
  finishObservation,
  type ObservationEnd,
  type ObservationStart,
  observingNight,
  startObservation,
} from './observations.js';
export {
  fileRawDataFiles,
  fileRawDataPackage,
  type NewRawDataFile,
  type NewRawDataPackage,
} from './raw-data.js';
export { type ReadoutFile, readoutFile } from './readout-path.js';
export { fileSlots, type NewSlot } from './slots.js';
