import { Entity, OneToMany, Unique } from 'typeorm';
import { Flag, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import type { DataLocation } from './data-location.js';

/**
 * A place with storage: the telescope, or a data centre.
 *
 * @example
 * import { Site } from 'ccat-ops-db';
 *
 * const sites = await session.find(Site, {
 *   where: { active: true, dataLocations: { active: true } },
 *   relations: { dataLocations: true },
 *   order: { id: 'ASC' },
 * });
 * const counts = sites.map(({ shortName, dataLocations }) => `${shortName} ${dataLocations?.length}`);
 * console.log(counts); // [ 'ccat 3', 'cologne 4' ]
 */
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
