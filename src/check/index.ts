export { type CheckOptions, type CheckResult, checkInvariants } from './check.js';
export { type Invariant, invariants } from './invariants.js';
