export {
  type LocationUsage,
  locationUsage,
  recountUsage,
  type Usage,
  type UsageOfCopies,
  usageByLocation,
} from './usage.js';
