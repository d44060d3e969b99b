import {
  findSource,
  observableUnits,
  packagesWithin,
  productsWithin,
  sourcesWithin,
  timeAccounting,
  visibleUnits,
} from '../../../src/index.js';
import type { Call } from '../call.js';

const CONE = { raDeg: 187.27, decDeg: 2.05, radiusDeg: 1 };

export const skyCalls: readonly Call[] = [
  { name: 'observableUnits', atMost: 2, prepare: async () => (manager) => observableUnits(manager) },
  {
    name: 'visibleUnits',
    atMost: 3,
    prepare: async () => (manager) => visibleUnits(manager, new Date('2026-12-01T04:00:00Z')),
  },
  { name: 'sourcesWithin', atMost: 2, prepare: async () => (manager) => sourcesWithin(manager, CONE) },
  { name: 'packagesWithin', atMost: 4, prepare: async () => (manager) => packagesWithin(manager, CONE) },
  { name: 'productsWithin', atMost: 5, prepare: async () => (manager) => productsWithin(manager, CONE) },
  { name: 'findSource', atMost: 1, prepare: async () => (manager) => findSource(manager, '3c 273') },
  {
    name: 'timeAccounting',
    atMost: 4,
    prepare: async () => (manager) => timeAccounting(manager, { period: '2026-11-30' }),
  },
];
