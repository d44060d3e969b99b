import { Entity, TableInheritance, Unique } from 'typeorm';
import { Enum, Json, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { SourceCategory, SourceType } from './enums.js';

/** What the telescope is pointed at. */
@Entity({ comment: 'A target: a fixed source, a solar system object or a survey field; told apart by type.' })
@TableInheritance({ column: 'type' })
@Unique(['name'])
export abstract class Source extends Keyed {
  @Enum(SourceType, { comment: 'Which kind of target the row is' })
  readonly type!: SourceType;

  @Text({ comment: 'Name of the source, unique among all targets' })
  name!: string;

  @Json({ comment: 'Other names of the source, a list of texts', default: [] })
  aliases!: string[];

  @Enum(SourceCategory, { comment: 'What the source is observed for' })
  category!: SourceCategory;

  @Text({ comment: 'Where the facts of the row come from', null: 'not recorded' })
  origin!: string | null;

  @Text({ comment: 'Anything an observer should know', null: 'nothing to say' })
  note!: string | null;
}
