import { Entity, Unique } from 'typeorm';
import { Text } from '../columns.js';
import { Keyed } from '../keyed.js';

/**
 * A facility with one or more telescopes, such as CCAT.
 *
 * @example
 * import { Observatory, Telescope } from 'ccat-ops-db';
 *
 * const { id: observatoryId } = await session.findOneByOrFail(Observatory, { shortName: 'ccat' });
 * const telescopes = await session.findBy(Telescope, { observatoryId });
 * console.log(telescopes.map(({ name }) => name)); // [ 'Fred Young Submillimeter Telescope' ]
 */
@Entity({ comment: 'A facility that groups telescopes; rarely changing.' })
@Unique(['name'])
@Unique(['shortName'])
export class Observatory extends Keyed {
  /** Name of the observatory. */
  // The observatory's name, such as `CCAT`.
  @Text({ comment: 'Name of the observatory' })
  name!: string;

  /** Short form of the name in lower case; null: it has none. */
  // Lower-case short form, used in queue and file names.
  @Text({ comment: 'Short form of the name in lower case', null: 'it has none' })
  shortName!: string | null;

  /** What the facility is and who runs it; null: nothing to say. */
  @Text({ comment: 'What the facility is and who runs it', null: 'nothing to say' })
  description!: string | null;
}
