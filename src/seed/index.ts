export { ArchiveMode } from './archive-mode.js';
export type { SeedStep } from './plan.js';
export { readSeedData, type SeedReadOptions, type SeedTable, seedDataFolder } from './read.js';
export type { SeedRow } from './row-reader.js';
export type { Change, Difference, RowDifference, SeedResult } from './upsert.js';
export { type SeedOptions, writeSeedData } from './write.js';
