export { type ChangesOptions, changes } from './changes.js';
export type { StatusChange } from './feed.js';
