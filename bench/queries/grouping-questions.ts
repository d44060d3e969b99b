import { DataGrouping, type FilterRule, ReductionStep } from '../../src/entities/index.js';
import { missingRuns, packagesOf, type Selection, subGroups } from '../../src/services/reduction/index.js';
import { GROUPING, PIPELINE } from '../support/year/base-rows.js';
import type { Question } from './question.js';

const SELECTED = 'a grouping selects from all nights';

/** Query 14: reduction. */
export const groupingQuestions: readonly Question[] = [
  {
    number: 14,
    title: 'packages of a source',
    growingAnswer: SELECTED,
    ask: async (manager) =>
      packagesOf(manager, await manager.findOneByOrFail(DataGrouping, { name: GROUPING })).getMany(),
  },
  {
    number: 14,
    title: 'packages of a source at a frequency',
    growingAnswer: SELECTED,
    ask: async (manager) => {
      const { filterRules } = await manager.findOneByOrFail(DataGrouping, { name: GROUPING });
      const frequency: FilterRule = {
        table: 'RawDataPackageMetadata',
        column: 'metadata',
        json_path: 'observation.frequency_ghz',
        operator: 'lt',
        value: 500,
      };
      const selection: Selection = { filterRules: [...filterRules, frequency], instrumentModuleId: null };
      return packagesOf(manager, selection).getMany();
    },
  },
  {
    number: 14,
    title: 'packages by execution',
    growingAnswer: SELECTED,
    ask: async (manager) =>
      subGroups(manager, await manager.findOneByOrFail(DataGrouping, { name: GROUPING }), [
        'executed_obs_unit',
      ]),
  },
  {
    number: 14,
    title: 'runs that a step lacks',
    growingAnswer: 'the divisions are of all nights',
    ask: async (manager) =>
      missingRuns(
        manager,
        await manager.findOneByOrFail(ReductionStep, { position: 1, pipeline: { name: PIPELINE } }),
      ),
  },
];
