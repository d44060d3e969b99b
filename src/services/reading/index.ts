export { type EntityKey, type ReadOptions, readByKey, readMany } from './read.js';
export { type StreamOptions, streamMany } from './stream.js';
