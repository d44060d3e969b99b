export type { Tallies, Tally } from './drain.js';
export { type Faults, NO_FAULTS, parseFaults } from './faults.js';
export type { HealthOfCopies } from './health-of-copies.js';
export type { Recovered } from './round.js';
export {
  type SimulationOptions,
  type SimulationProgress,
  type SimulationResult,
  simulate,
} from './simulate.js';
