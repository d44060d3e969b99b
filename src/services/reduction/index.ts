export { contentHash, type InputMembers, inputSet } from './input-set.js';
export { type Lineage, lineageOf, productsOf } from './lineage.js';
export { packagesOf, type Selection } from './packages.js';
export { createRun, missingRuns, type NewRun } from './runs.js';
export { GROUP_BY, type SubGroup, subGroups } from './sub-groups.js';
export { resolveVersion, type Versioned } from './versions.js';
