export { type Filed, fileRows, type NewRow } from './file-rows.js';
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
