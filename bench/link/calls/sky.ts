import { observableUnits, visibleUnits } from '../../../src/index.js';
import type { Call } from '../call.js';

export const skyCalls: readonly Call[] = [
  { name: 'observableUnits', atMost: 2, prepare: async () => (manager) => observableUnits(manager) },
  {
    name: 'visibleUnits',
    atMost: 3,
    prepare: async () => (manager) => visibleUnits(manager, new Date('2026-12-01T04:00:00Z')),
  },
];
