export { type Collection, collectOutputs, type WrittenFile } from './collect.js';
export { GROUP_BY } from './dimensions.js';
export {
  type HostFolders,
  productTypeOf,
  type RunFolders,
  type RunPlace,
  runFolders,
} from './folders.js';
export { contentHash, type InputMembers, inputSet } from './input-set.js';
export { type Lineage, lineageOf, productsOf } from './lineage.js';
export { type InputManifest, type InputProduct, inputManifest } from './manifest.js';
export {
  type Collected,
  type EndedRun,
  type Output,
  type Outputs,
  outputsOfFolders,
  outputsOfTool,
  type Sink,
  type Written,
} from './outputs.js';
export { packagesOf, type Selection } from './packages.js';
export { type NewVersion, registerVersion } from './register.js';
export { createRun, missingRuns, type NewRun } from './runs.js';
export { dimsOfKey } from './sub-group-key.js';
export { type SubGroup, subGroups } from './sub-groups.js';
export { type HostOptions, type Submission, submissionOf } from './submission.js';
export { CONTRACT_VERSIONS, readTool, type Tool, type ToolOutput } from './tool.js';
export { resolveVersion, type Versioned } from './versions.js';
export { whereDims } from './where-dims.js';
