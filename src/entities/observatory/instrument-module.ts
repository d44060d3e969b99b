import { Check, Entity, ManyToMany, ManyToOne, Unique } from 'typeorm';
import { ByteCount, Enum, Flag, Int, Real, ReferenceKey, Text } from '../columns.js';
import type { RawDataFile } from '../data/raw-data-file.js';
import { WithAvailability } from '../with-availability.js';
import { InstrumentAvailability } from './enums.js';
import { Instrument } from './instrument.js';
import { InstrumentSlot } from './instrument-slot.js';

/**
 * The part of an instrument that produces data: every raw data file belongs to one module.
 *
 * @example
 * import { InstrumentAvailability, InstrumentModule } from 'ccat-ops-db';
 *
 * const { FAULT } = InstrumentAvailability;
 * const why = { availabilityReason: 'local oscillator does not lock', availabilitySince: new Date() };
 * await session.update(InstrumentModule, { name: 'HFA' }, { available: false, availability: FAULT, ...why });
 *
 * const fit = await session.findBy(InstrumentModule, { available: true, instrument: { name: 'CHAI' } });
 * console.log(fit.map(({ name, detectorCount }) => [name, detectorCount])); // [ [ 'LFA', 64 ] ]
 */
@Entity({ comment: 'The part of an instrument that produces data, such as the LFA of CHAI.' })
@Unique(['instrumentId', 'name'])
@Unique(['instrumentId', 'readoutName'])
@Unique(['slotId'])
@Check(
  'ck_instrument_module__available_only_when_fit',
  `"available" = false OR "availability" IN ('operational', 'commissioning')`,
)
@Check('ck_instrument_module__frequencies_ordered', '"frequency_min_ghz" < "frequency_max_ghz"')
@Check('ck_instrument_module__if_band_ordered', '"if_min_ghz" < "if_max_ghz"')
export class InstrumentModule extends WithAvailability {
  /** Instrument that the module belongs to. */
  @ReferenceKey({ comment: 'Instrument that the module belongs to' })
  instrumentId!: number;

  @ManyToOne(
    () => Instrument,
    (instrument) => instrument.modules,
    { nullable: false, onDelete: 'RESTRICT' },
  )
  instrument?: Instrument;

  /** Slot that the module sits in; null: not in a slot, or not known. */
  @ReferenceKey({ comment: 'Slot that the module sits in', null: 'not in a slot, or not known' })
  slotId!: number | null;

  @ManyToOne(() => InstrumentSlot, { nullable: true, onDelete: 'SET NULL' })
  slot?: InstrumentSlot | null;

  /** Name of the module. */
  @Text({ comment: 'Name of the module' })
  name!: string;

  /** Name of the module in what the readout writes, such as 280GHz; null: the same name. */
  @Text({ comment: 'Name of the module in what the readout writes, such as 280GHz', null: 'the same name' })
  readoutName!: string | null;

  /** What the module is and what is known of its status; null: nothing to say. */
  @Text({ comment: 'What the module is and what is known of its status', null: 'nothing to say' })
  description!: string | null;

  /** Whether the scheduler may plan with it. */
  @Flag({ comment: 'Whether the scheduler may plan with it', default: true })
  available!: boolean;

  /** What the module is fit for. */
  @Enum(InstrumentAvailability, { comment: 'What the module is fit for', default: 'operational' })
  availability!: InstrumentAvailability;

  /** Number of pixels or detectors; null: not known. */
  @Int({ comment: 'Number of pixels or detectors', min: 1, null: 'not known' })
  detectorCount!: number | null;

  /** Lowest frequency that it observes [GHz]; null: not known. */
  @Real({ comment: 'Lowest frequency that it observes', unit: 'GHz', above: 0, null: 'not known' })
  frequencyMinGhz!: number | null;

  /** Centre of the band that it observes [GHz]; null: not known. */
  @Real({ comment: 'Centre of the band that it observes', unit: 'GHz', above: 0, null: 'not known' })
  frequencyCenterGhz!: number | null;

  /** Highest frequency that it observes [GHz]; null: not known. */
  @Real({ comment: 'Highest frequency that it observes', unit: 'GHz', above: 0, null: 'not known' })
  frequencyMaxGhz!: number | null;

  /** Bandwidth that it takes at once [GHz]; null: not known. */
  @Real({ comment: 'Bandwidth that it takes at once', unit: 'GHz', above: 0, null: 'not known' })
  bandwidthGhz!: number | null;

  /** Low end of the intermediate frequency band [GHz]; null: not a heterodyne module, or not known. */
  @Real({
    comment: 'Low end of the intermediate frequency band',
    unit: 'GHz',
    min: 0,
    null: 'not a heterodyne module, or not known',
  })
  ifMinGhz!: number | null;

  /** High end of the intermediate frequency band [GHz]; null: not a heterodyne module, or not known. */
  @Real({
    comment: 'High end of the intermediate frequency band',
    unit: 'GHz',
    min: 0,
    null: 'not a heterodyne module, or not known',
  })
  ifMaxGhz!: number | null;

  /** Full width at half maximum of the beam [arcsec]; null: not known. */
  @Real({ comment: 'Full width at half maximum of the beam', unit: 'arcsec', above: 0, null: 'not known' })
  beamFwhmArcsec!: number | null;

  /** Diameter or side of the field of view [deg]; null: not known. */
  @Real({ comment: 'Diameter or side of the field of view', unit: 'deg', above: 0, null: 'not known' })
  fieldOfViewDeg!: number | null;

  /** Sensitivity as published, with its unit; null: not known. */
  @Text({ comment: 'Sensitivity as published, with its unit', null: 'not known' })
  sensitivity!: string | null;

  /** Channel width or resolving power as published, with its unit; null: continuum, or not known. */
  @Text({
    comment: 'Channel width or resolving power as published, with its unit',
    null: 'continuum, or not known',
  })
  spectralResolution!: string | null;

  /** Format of the raw data files, by their usual ending; null: not known. */
  @Text({ comment: 'Format of the raw data files, by their usual ending', null: 'not known' })
  rawFileFormat!: string | null;

  /** Files that the module writes at the same time; null: not known. */
  @Int({ comment: 'Files that the module writes at the same time', min: 1, null: 'not known' })
  rawStreamCount!: number | null;

  /** Raw data rate of all streams together, uncompressed [byte/s]; null: not known. */
  @ByteCount({
    comment: 'Raw data rate of all streams together, uncompressed',
    unit: 'byte/s',
    null: 'not known',
  })
  rawDataRateBytesS!: number | null;

  /** Time after which each stream begins a new file [s]; null: not rotated, or not known. */
  @Int({
    comment: 'Time after which each stream begins a new file',
    unit: 's',
    min: 1,
    null: 'not rotated, or not known',
  })
  rawFileRotationS!: number | null;

  /** Stands here for its onDelete: a module that has written files together with others must not vanish. */
  @ManyToMany('RawDataFile', 'instrumentModules', { onDelete: 'RESTRICT' })
  rawDataFilesOfSeveral?: RawDataFile[];
}
