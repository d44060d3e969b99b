import { Entity, ManyToOne, Unique } from 'typeorm';
import { Real, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { Instrument } from './instrument.js';

/**
 * A place for a module in an instrument's focal plane, with its offset on the sky.
 *
 * @example
 * import { InstrumentModule, InstrumentSlot } from 'ccat-ops-db';
 *
 * const where = { name: 'i1', instrument: { name: 'Prime-Cam' } };
 * const { id: slotId, instrumentId, offsetYArcmin } = await session.findOneByOrFail(InstrumentSlot, where);
 * await session.update(InstrumentModule, { instrumentId, name: '280 GHz' }, { slotId });
 * console.log(offsetYArcmin, await session.countBy(InstrumentModule, { slotId })); // -106.8 1
 */
@Entity({ comment: "A place for a module in an instrument's focal plane." })
@Unique(['instrumentId', 'name'])
export class InstrumentSlot extends Keyed {
  /** Instrument that has the slot. */
  @ReferenceKey({ comment: 'Instrument that has the slot' })
  instrumentId!: number;

  @ManyToOne(() => Instrument, { nullable: false, onDelete: 'CASCADE' })
  instrument?: Instrument;

  /** Name of the slot, such as c or i1. */
  @Text({ comment: 'Name of the slot, such as c or i1' })
  name!: string;

  /** Offset from the boresight in x on the sky at zero field rotation [arcmin]. */
  @Real({ comment: 'Offset from the boresight in x on the sky at zero field rotation', unit: 'arcmin' })
  offsetXArcmin!: number;

  /** Offset from the boresight in y on the sky at zero field rotation [arcmin]. */
  @Real({ comment: 'Offset from the boresight in y on the sky at zero field rotation', unit: 'arcmin' })
  offsetYArcmin!: number;

  /** Angle on the ring of slots [deg]; null: the central slot. */
  @Real({ comment: 'Angle on the ring of slots', unit: 'deg', min: -180, max: 180, null: 'the central slot' })
  ringAngleDeg!: number | null;
}
