export { type CheckOptions, type CheckResult, checkInvariants } from './check.js';
export { type Invariant, type InvariantParameters, invariants } from './invariants.js';
