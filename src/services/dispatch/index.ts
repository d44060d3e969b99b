export {
  type Dispatch,
  type DispatchableUnit,
  type DispatchOptions,
  dispatchOf,
  type PlannerCall,
  type ScanWarning,
  type UndispatchableUnit,
} from './dispatch-of.js';
export { type Extent, extentOf } from './extent.js';
export {
  type SchedulerList,
  type SchedulerSource,
  schedulerList,
} from './scheduler-list.js';
export { dispatchSummary, type ModeSummary } from './summary.js';
export type { PlannerField } from './target.js';
export { obsUnitForDispatch } from './unit.js';
