export { RAW_DATA_AT_RISK, type RawDataAtRisk, rawDataAtRisk } from './at-risk.js';
export { type BadCopies, declareBad } from './bad-copies.js';
export { completeRepair, planRepairs, type Repaired, type RepairPlan } from './repair.js';
export {
  completeVerification,
  planVerifications,
  type Reverified,
  type VerificationPlan,
} from './verification.js';
