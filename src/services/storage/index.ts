export { type Hold, holdCopies, releaseHold } from './hold.js';
export { bytesToLetGo } from './pressure.js';
export { askForRoom, bytesToStage, roomOf } from './room.js';
export {
  type LocationUsage,
  locationUsage,
  recountUsage,
  type Usage,
  type UsageOfCopies,
  usageByLocation,
} from './usage.js';
