export { type Hold, holdCopies, releaseHold } from './hold.js';
export { bytesToLetGo, refuseUnderPressure } from './pressure.js';
export {
  askForRoom,
  askForRoomStep,
  bytesToStage,
  lockRoomStep,
  ROOM_OF_ALL,
  refuseOverfull,
  refuseWithoutRoom,
  roomOf,
} from './room.js';
export {
  type LocationUsage,
  locationUsage,
  recountUsage,
  type Usage,
  type UsageOfCopies,
  usageByLocation,
} from './usage.js';
