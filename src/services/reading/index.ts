export { type EntityKey, type ReadOptions, readByKey, readMany } from './read-rows.js';
export { type StreamOptions, streamMany } from './stream.js';
