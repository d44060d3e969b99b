import { Entity, Unique } from 'typeorm';
import { Text } from '../columns.js';
import { Keyed } from '../keyed.js';

/** A program that reduces data, such as `chai-calibration`. */
@Entity({ comment: 'A program that reduces data.' })
@Unique(['name'])
export class ReductionSoftware extends Keyed {
  @Text({ comment: 'Name of the software' })
  name!: string;

  @Text({ comment: 'What the software does', null: 'nothing to say' })
  description!: string | null;

  @Text({ comment: 'Address of its source code', null: 'not recorded' })
  repositoryUrl!: string | null;
}
