export {
  type AccountingOptions,
  type AllocationUse,
  type NightRange,
  type NightTime,
  type ProgramTime,
  type TimeAccount,
  type TimeSums,
  timeAccounting,
} from './accounting.js';
export type { TimeShare } from './share.js';
