import { scanIssues } from '../entities/index.js';
import type { RowRule } from '../tabular/table-step.js';

/** The scan parameters of a unit fit its mode: sets that the survey planner would not write are not stored. */
export const SCAN_RULE: RowRule = {
  relation: 'obsMode',
  issues(mode, { mappingParameters }) {
    const set = (mappingParameters ?? {}) as Readonly<Record<string, unknown>>;
    return scanIssues(mode, set)
      .filter(({ refusesStoring }) => refusesStoring)
      .map(({ key, message }) => ({
        key: `mapping_parameters.${key}`,
        value: Object.hasOwn(set, key) ? set[key] : undefined,
        message: `${message} (mode ${mode})`,
      }));
  },
};
