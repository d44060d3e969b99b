export { type End, type Outcome, WorkItem } from './item.js';
export { type WorkOptions, work } from './work.js';
