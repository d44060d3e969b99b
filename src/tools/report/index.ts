export { type Flow, type FlowReport, readFlow, type SiteBytes } from './flow.js';
export { type NightSummary, readLatestNights } from './latest-nights.js';
export {
  type NightExecution,
  type NightReport,
  type Nights,
  readNight,
  readStages,
  type StageProgress,
} from './night.js';
export { type ReportOptions, reportPage } from './page.js';
export { type RunWarnings, readRunWarnings } from './run-warnings.js';
export { type LocationState, readStorage, type StorageState } from './storage.js';
export { type Waiting, waitingWork } from './waiting.js';
