import { Entity, Index, ManyToOne, Unique } from 'typeorm';
import { ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { Source } from './source.js';

/**
 * A name or alias of a source as names are compared: without blanks, in small letters. Each stands once, so that a name leads
 * to one source. The database keeps the rows when a source is written; nothing else writes them.
 *
 * @example
 * import { SourceName } from 'ccat-ops-db';
 *
 * const names = await session.find(SourceName, {
 *   where: { source: { name: 'Orion-KL' } },
 *   order: { name: 'ASC' },
 * });
 * console.log(names.map(({ name }) => name)); // [ 'omc1hotcore', 'orion-kl' ]
 */
@Entity({
  comment: 'A name or alias of a source as names are compared, each once, kept by the database.',
})
@Unique(['name'])
export class SourceName extends Keyed {
  /** Name or alias without blanks, in small letters. */
  @Text({ comment: 'Name or alias without blanks, in small letters' })
  name!: string;

  /** Source of that name. */
  @Index()
  @ReferenceKey({ comment: 'Source of that name' })
  sourceId!: number;

  @ManyToOne(() => Source, { nullable: false, onDelete: 'CASCADE' })
  source?: Source;
}
