import { Entity, OneToMany, Unique } from 'typeorm';
import { Flag, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import type { DataLocation } from './data-location.js';

/** A place with storage: the telescope, or a data centre. */
@Entity({ comment: 'A place with storage: the telescope, or a data centre.' })
@Unique(['name'])
@Unique(['shortName'])
export class Site extends Keyed {
  @Text({ comment: 'Name of the site' })
  name!: string;

  @Text({ comment: 'Short name in lower case, part of the names of work queues' })
  shortName!: string;

  @Text({ comment: 'Where the site is, in words', null: 'not recorded' })
  location!: string | null;

  @Text({ comment: 'What the site does', null: 'nothing to say' })
  description!: string | null;

  @Flag({ comment: 'Whether the site takes part in data transfer', default: true })
  active!: boolean;

  @OneToMany('DataLocation', 'site')
  dataLocations?: DataLocation[];
}
