import { Entity, Index, ManyToOne, Unique } from 'typeorm';
import { Json, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { InstrumentModule } from '../observatory/instrument-module.js';

/** How a rule compares a column with its value. */
export const FILTER_OPERATORS = ['eq', 'neq', 'in', 'not_in', 'gt', 'gte', 'lt', 'lte', 'like'] as const;
/** One of {@link FILTER_OPERATORS}. */
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** One condition on raw data packages; a package belongs to a grouping when all of them hold. */
export interface FilterRule {
  /** Class name of the table, such as `Source`. */
  readonly table: string;
  /** Property or column of the table. */
  readonly column: string;
  /** How the column is compared with the value. */
  readonly operator: FilterOperator;
  /** What the column is compared with; a list for `in` and `not_in`, null only for `eq` and `neq`. */
  readonly value: string | number | boolean | null | readonly (string | number)[];
  /** Path into a JSON column, such as `observation.frequency_ghz`. */
  readonly json_path?: string;
}

/**
 * A named selection of raw data packages; pipelines share them.
 *
 * @example
 * import { DataGrouping, FILTER_OPERATORS, packagesOf } from 'ccat-ops-db';
 *
 * const { id } = await session.save(DataGrouping, {
 *   name: 'long-chai-scans',
 *   filterRules: [
 *     { table: 'Instrument', column: 'name', operator: 'eq', value: 'CHAI' },
 *     { table: 'ObsUnit', column: 'durationS', operator: 'gte', value: 300 },
 *   ],
 * });
 * const grouping = await session.findOneByOrFail(DataGrouping, { id });
 * console.log(grouping.filterRules.every(({ operator }) => FILTER_OPERATORS.includes(operator))); // true
 * console.log(await packagesOf(session, grouping).getCount()); // 1
 */
@Entity({ comment: 'A named selection of raw data packages by rules.' })
@Unique(['name'])
export class DataGrouping extends Keyed {
  /** Name of the selection. */
  @Text({ comment: 'Name of the selection' })
  name!: string;

  /** What the selection is for; null: nothing to say. */
  @Text({ comment: 'What the selection is for', null: 'nothing to say' })
  description!: string | null;

  /** Rules that all hold: a list of table, column, operator, value and json_path. */
  @Json({
    comment: 'Rules that all hold: a list of table, column, operator, value and json_path',
    default: [],
  })
  filterRules!: FilterRule[];

  /** Module that the packages must come from; null: any module. */
  @Index()
  @ReferenceKey({ comment: 'Module that the packages must come from', null: 'any module' })
  instrumentModuleId!: number | null;

  @ManyToOne(() => InstrumentModule, { nullable: true, onDelete: 'RESTRICT' })
  instrumentModule?: InstrumentModule | null;
}
