export { readSeedData, type SeedRow, type SeedTable, seedDataFolder } from './read.js';
export { type Difference, type SeedOptions, type SeedResult, writeSeedData } from './write.js';
