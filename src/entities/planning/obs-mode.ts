import { Entity, JoinTable, ManyToMany, Unique } from 'typeorm';
import { Int, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { Instrument } from '../observatory/instrument.js';

/**
 * An observing strategy, such as an on-the-fly map or a daisy scan.
 *
 * @example
 * import { ObsMode } from 'ccat-ops-db';
 *
 * const modes = await session.find(ObsMode, {
 *   where: { instruments: { name: 'CHAI' } },
 *   order: { typicalDurationS: { direction: 'ASC', nulls: 'LAST' }, id: 'ASC' },
 *   take: 3,
 * });
 * console.log(modes.map(({ name }) => name)); // [ 'cross_scan', 'focus', 'skydip' ]
 */
@Entity({ comment: 'An observing strategy that obs units follow.' })
@Unique(['name'])
export class ObsMode extends Keyed {
  /** Name of the mode, such as otf or pong. */
  @Text({ comment: 'Name of the mode, such as otf or pong' })
  name!: string;

  /** Name of the mode as it is printed. */
  @Text({ comment: 'Name of the mode as it is printed' })
  label!: string;

  /** How the mode is typically used; null: nothing to say. */
  @Text({ comment: 'How the mode is typically used', null: 'nothing to say' })
  description!: string | null;

  /** Typical duration [s]; null: depends on the unit. */
  @Int({ comment: 'Typical duration', unit: 's', min: 1, null: 'depends on the unit' })
  typicalDurationS!: number | null;

  /**
   * Longest time from one to the next while the instrument observes, 0 before each block [s]; null: not
   * repeated by itself.
   */
  @Int({
    comment: 'Longest time from one to the next while the instrument observes, 0 before each block',
    unit: 's',
    min: 0,
    null: 'not repeated by itself',
  })
  cadenceS!: number | null;

  @ManyToMany(() => Instrument, { onDelete: 'CASCADE' })
  @JoinTable({ name: 'obs_mode_instrument' })
  instruments?: Instrument[];
}
