import { locationUsage, usageByLocation } from '../../../src/index.js';
import type { Call } from '../call.js';

/** Usage of the locations. */
export const storageCalls: readonly Call[] = [
  {
    name: 'locationUsage',
    atMost: 1,
    prepare: async () => (session) => locationUsage(session, { dataLocationId: 5 }),
  },
  { name: 'usageByLocation', atMost: 1, prepare: async () => (session) => usageByLocation(session) },
];
