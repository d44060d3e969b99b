export { diagnose } from './diagnose.js';
export type { Finding } from './finding.js';
