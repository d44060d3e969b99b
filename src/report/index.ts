export { type Flow, readFlow, type SiteBytes } from './flow.js';
export { type NightExecution, type NightReport, readNight, type StageProgress } from './night.js';
export { reportPage } from './page.js';
export { type Waiting, waitingWork } from './waiting.js';
