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
  /** Name of the site. */
  @Text({ comment: 'Name of the site' })
  name!: string;

  /** Short name in lower case, part of the names of work queues. */
  @Text({ comment: 'Short name in lower case, part of the names of work queues' })
  shortName!: string;

  /** Where the site is, in words; null: not recorded. */
  @Text({ comment: 'Where the site is, in words', null: 'not recorded' })
  location!: string | null;

  /** What the site does; null: nothing to say. */
  @Text({ comment: 'What the site does', null: 'nothing to say' })
  description!: string | null;

  /** Whether the site takes part in data transfer. */
  @Flag({ comment: 'Whether the site takes part in data transfer', default: true })
  active!: boolean;

  @OneToMany('DataLocation', 'site')
  dataLocations?: DataLocation[];
}
