import { Entity, TableInheritance, Unique } from 'typeorm';
import { Enum, Json, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { SourceCategory, SourceType } from './enums.js';

/**
 * What the telescope is pointed at.
 *
 * @example
 * import { FixedSource, SolarSystemObject, Source, SourceCategory, SourceType } from 'ccat-ops-db';
 *
 * const where = { type: SourceType.FIXED, category: SourceCategory.POINTING };
 * console.log(await session.countBy(Source, where)); // 42
 *
 * const target = await session.findOneByOrFail(Source, { name: 'Saturn' });
 * if (target instanceof FixedSource) console.log(target.raDeg, target.decDeg);
 * if (target instanceof SolarSystemObject) console.log(target.naifId); // 699
 */
@Entity({ comment: 'A target: a fixed source, a solar system object or a survey field; told apart by type.' })
@TableInheritance({ column: 'type' })
@Unique(['name'])
export abstract class Source extends Keyed {
  @Enum(SourceType, { comment: 'Which kind of target the row is' })
  readonly type!: SourceType;

  /** Name of the source, unique among all targets. */
  @Text({ comment: 'Name of the source, unique among all targets' })
  name!: string;

  /** Other names of the source, a list of texts. */
  @Json({ comment: 'Other names of the source, a list of texts', default: [] })
  aliases!: string[];

  /** What the source is observed for. */
  @Enum(SourceCategory, { comment: 'What the source is observed for' })
  category!: SourceCategory;

  /** Where the facts of the row come from; null: not recorded. */
  @Text({ comment: 'Where the facts of the row come from', null: 'not recorded' })
  origin!: string | null;

  /** Anything an observer should know; null: nothing to say. */
  @Text({ comment: 'Anything an observer should know', null: 'nothing to say' })
  note!: string | null;
}
