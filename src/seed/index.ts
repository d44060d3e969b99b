export type { SeedRow } from '../tabular/row-reader.js';
export type { TableStep } from '../tabular/table-step.js';
export type { Change, Difference, RowDifference, SeedResult } from '../tabular/upsert/difference.js';
export { ArchiveMode } from './archive-mode.js';
export { readSeedData, type SeedReadOptions, type SeedTable, seedDataFolder } from './read-seed-data.js';
export { type SeedOptions, writeSeedData } from './write.js';
