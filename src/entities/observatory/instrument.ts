import { Check, Entity, Index, ManyToOne, OneToMany, Unique } from 'typeorm';
import { Enum, Flag, ReferenceKey, Text } from '../columns.js';
import { WithAvailability } from '../with-availability.js';
import { InstrumentAvailability, InstrumentKind } from './enums.js';
import type { InstrumentModule } from './instrument-module.js';
import { Telescope } from './telescope.js';

/**
 * A receiver or camera mounted on a telescope, such as CHAI or Prime-Cam.
 *
 * @example
 * import { Instrument, InstrumentKind } from 'ccat-ops-db';
 *
 * const [chai] = await session.find(Instrument, {
 *   where: { kind: InstrumentKind.HETERODYNE_ARRAY },
 *   relations: { modules: true },
 *   order: { modules: { id: 'ASC' } },
 * });
 * console.log(chai?.modules?.map(({ name }) => name)); // [ 'LFA', 'HFA', 'Mini-CHAI' ]
 */
@Entity({ comment: 'A receiver or camera mounted on a telescope.' })
@Unique(['name'])
@Check(
  'ck_instrument__available_only_when_fit',
  `"available" = false OR "availability" IN ('operational', 'commissioning')`,
)
export class Instrument extends WithAvailability {
  /** Telescope that carries the instrument. */
  @Index()
  @ReferenceKey({ comment: 'Telescope that carries the instrument' })
  telescopeId!: number;

  @ManyToOne(() => Telescope, { nullable: false, onDelete: 'RESTRICT' })
  telescope?: Telescope;

  @OneToMany('InstrumentModule', 'instrument')
  modules?: InstrumentModule[];

  /** Name of the instrument. */
  @Text({ comment: 'Name of the instrument' })
  name!: string;

  /** What the instrument is; null: nothing to say. */
  @Text({ comment: 'What the instrument is', null: 'nothing to say' })
  description!: string | null;

  /** Kind of receiver. */
  @Enum(InstrumentKind, { comment: 'Kind of receiver' })
  kind!: InstrumentKind;

  /** Whether the scheduler may plan with it: operational and installed. */
  @Flag({ comment: 'Whether the scheduler may plan with it: operational and installed', default: true })
  available!: boolean;

  /** What the instrument is fit for. */
  @Enum(InstrumentAvailability, { comment: 'What the instrument is fit for', default: 'operational' })
  availability!: InstrumentAvailability;
}
