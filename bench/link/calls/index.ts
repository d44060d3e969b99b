import type { Call } from '../call.js';
import { filingCalls } from './filing.js';
import { healthCalls } from './health.js';
import { readingCalls } from './reading.js';
import { skyCalls } from './sky.js';
import { storageCalls } from './storage.js';
import { transferCalls } from './transfer.js';
import { unitCalls } from './units.js';
import { workCalls } from './work.js';

/** All calls that services make over the link. */
export const calls: readonly Call[] = [
  ...filingCalls,
  ...readingCalls,
  ...workCalls,
  ...transferCalls,
  ...storageCalls,
  ...healthCalls,
  ...unitCalls,
  ...skyCalls,
];
