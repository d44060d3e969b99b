import { Entity, Unique } from 'typeorm';
import { Int, Real, Text } from '../columns.js';
import { Keyed } from '../keyed.js';

/**
 * A transition that obs units are planned for.
 *
 * @example
 * import { InstrumentModule, SpectralLine } from 'ccat-ops-db';
 * import { Between } from 'typeorm';
 *
 * const lfa = await session.findOneByOrFail(InstrumentModule, { name: 'LFA' });
 * const band = Between(lfa.frequencyMinGhz ?? 0, lfa.frequencyMaxGhz ?? Infinity);
 * const where = { restFrequencyGhz: band, priority: 1 };
 * const lines = await session.find(SpectralLine, { where, order: { restFrequencyGhz: 'ASC' } });
 * console.log(lines.map(({ label }) => label)); // [ '12CO 4-3', '[CI] 3P1-3P0' ]
 */
@Entity({ comment: 'A spectral line that obs units are planned for.' })
@Unique(['lineId'])
export class SpectralLine extends Keyed {
  /** Short name of the line as obs units give it, such as CO43. */
  @Text({ comment: 'Short name of the line as obs units give it, such as CO43' })
  lineId!: string;

  /** Name of the transition as it is printed, such as 12CO 4-3. */
  @Text({ comment: 'Name of the transition as it is printed, such as 12CO 4-3' })
  label!: string;

  /** Molecule, atom or ion, with the isotopes written out. */
  @Text({ comment: 'Molecule, atom or ion, with the isotopes written out' })
  species!: string;

  /** Frequency at rest [GHz]. */
  @Real({ comment: 'Frequency at rest', unit: 'GHz', above: 0 })
  restFrequencyGhz!: number;

  /** Priority for this observatory, 1 first. */
  @Int({ comment: 'Priority for this observatory, 1 first', min: 1 })
  priority!: number;
}
