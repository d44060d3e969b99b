import { Check, Entity, Exclusion, Index, ManyToOne } from 'typeorm';
import { ByteCount, CalendarDate, Enum, Instant, Int, Json, Real, ReferenceKey, Text } from '../columns.js';
import { Instrument } from '../observatory/instrument.js';
import { Telescope } from '../observatory/telescope.js';
import { ObsUnit } from '../planning/obs-unit.js';
import { INSTRUMENT_COMMENT, ONE_AT_A_TIME, TELESCOPE_COMMENT } from '../telescope-time.js';
import { UuidKeyed } from '../uuid-keyed.js';
import { DataQuality, ExecutedObsUnitStatus } from './enums.js';

/**
 * One execution of an obs unit, with its times and conditions.
 *
 * @example
 * import { DataQuality, ExecutedObsUnit, ExecutedObsUnitStatus } from 'ccat-ops-db';
 * import { LessThan } from 'typeorm';
 *
 * const completed = { observingNight: '2026-11-30', status: ExecutedObsUnitStatus.COMPLETED };
 * const dry = await session.find(ExecutedObsUnit, {
 *   where: { ...completed, pwvMm: LessThan(0.5) },
 *   relations: { obsUnit: { source: true } },
 *   order: { startTime: 'ASC' },
 * });
 * console.log(dry.map(({ obsUnit }) => obsUnit?.source?.name)); // [ '3C273', 'Saturn' ]
 * await session.update(ExecutedObsUnit, completed, { quality: DataQuality.GOOD });
 * console.log(await session.countBy(ExecutedObsUnit, { quality: DataQuality.GOOD })); // 4
 */
@Entity({ comment: 'One execution of an obs unit.' })
@Index(['obsUnitId', 'startTime'])
@Index('ix_executed_obs_unit__running', ['id'], { where: `"status" = 'running'` })
@Check('ck_executed_obs_unit__running_has_no_end', `("status" = 'running') = ("end_time" IS NULL)`)
@Check('ck_executed_obs_unit__position_whole', '("ra_deg" IS NULL) = ("dec_deg" IS NULL)')
@Check('ck_executed_obs_unit__times_ordered', '"end_time" >= "start_time"')
@Exclusion('ex_executed_obs_unit__telescope', ONE_AT_A_TIME)
export class ExecutedObsUnit extends UuidKeyed {
  /** Unit that was executed. */
  @ReferenceKey({ comment: 'Unit that was executed' })
  obsUnitId!: number;

  @ManyToOne(() => ObsUnit, { nullable: false, onDelete: 'RESTRICT' })
  obsUnit?: ObsUnit;

  /**
   * Telescope whose time it is, kept by the database from the modules of the unit; null: the unit has no
   * modules, or the execution overlapped another one before the database held it.
   */
  @ReferenceKey({
    comment: TELESCOPE_COMMENT,
    keptByDatabase: true,
    null: 'the unit has no modules, or the execution overlapped another one before the database held it',
  })
  telescopeId!: number | null;

  @ManyToOne(() => Telescope, { nullable: true, onDelete: 'RESTRICT' })
  telescope?: Telescope | null;

  /**
   * Instrument that observes beside another one through the focal plane, kept by the database; null: the
   * execution has the whole focal plane.
   */
  @ReferenceKey({
    comment: INSTRUMENT_COMMENT,
    keptByDatabase: true,
    null: 'the execution has the whole focal plane',
  })
  instrumentId!: number | null;

  @ManyToOne(() => Instrument, { nullable: true, onDelete: 'RESTRICT' })
  instrument?: Instrument | null;

  /** Where the execution stands. */
  @Enum(ExecutedObsUnitStatus, { comment: 'Where the execution stands', default: 'running' })
  status!: ExecutedObsUnitStatus;

  /** Start of the execution, UTC. */
  @Index()
  @Instant({ comment: 'Start of the execution, UTC' })
  startTime!: Date;

  /** End of the execution, UTC; null: it is running. */
  @Instant({ comment: 'End of the execution, UTC', null: 'it is running' })
  endTime!: Date | null;

  /** Night of the observation: date in UTC of the noon before its start. */
  // The date in UTC, twelve hours before the start: one date from noon to noon.
  @Index()
  @CalendarDate({ comment: 'Night of the observation: date in UTC of the noon before its start' })
  observingNight!: string;

  /**
   * Session of the readout that belongs to the execution: its start in whole Unix seconds [s]; null: no
   * instrument with such a readout, or not known.
   */
  @ByteCount({
    comment: 'Session of the readout that belongs to the execution: its start in whole Unix seconds',
    unit: 's',
    null: 'no instrument with such a readout, or not known',
  })
  readoutSession!: number | null;

  /**
   * Right ascension of a target that moves, at the start, ICRS [deg]; null: that of the source, or not known.
   */
  @Real({
    comment: 'Right ascension of a target that moves, at the start, ICRS',
    unit: 'deg',
    min: 0,
    below: 360,
    null: 'that of the source, or not known',
  })
  raDeg!: number | null;

  /** Declination of a target that moves, at the start, ICRS [deg]; null: that of the source, or not known. */
  @Real({
    comment: 'Declination of a target that moves, at the start, ICRS',
    unit: 'deg',
    min: -90,
    max: 90,
    null: 'that of the source, or not known',
  })
  decDeg!: number | null;

  /**
   * HEALPix cell of that position, ring scheme, 256 along a side of a face, kept by the database; null: no
   * position.
   */
  @Index()
  @Int({
    comment: 'HEALPix cell of that position, ring scheme, 256 along a side of a face, kept by the database',
    min: 0,
    below: 786432,
    null: 'no position',
    keptByDatabase: true,
  })
  skyCell!: number | null;

  /** Precipitable water vapour at zenith [mm]; null: not measured. */
  @Real({ comment: 'Precipitable water vapour at zenith', unit: 'mm', min: 0, null: 'not measured' })
  pwvMm!: number | null;

  /** Air temperature [Celsius]; null: not measured. */
  @Real({ comment: 'Air temperature', unit: 'Celsius', min: -100, max: 60, null: 'not measured' })
  temperatureC!: number | null;

  /** Relative humidity [%]; null: not measured. */
  @Real({ comment: 'Relative humidity', unit: '%', min: 0, max: 100, null: 'not measured' })
  humidityPercent!: number | null;

  /** Wind speed [m/s]; null: not measured. */
  @Real({ comment: 'Wind speed', unit: 'm/s', min: 0, null: 'not measured' })
  windSpeedMS!: number | null;

  /** Other conditions, by name with unit. */
  @Json({ comment: 'Other conditions, by name with unit', default: {} })
  conditions!: Record<string, unknown>;

  /** Set-up of the instrument as it was used. */
  @Json({ comment: 'Set-up of the instrument as it was used', default: {} })
  instrumentConfiguration!: Record<string, unknown>;

  /** Assessment of the data. */
  @Enum(DataQuality, { comment: 'Assessment of the data', default: 'unchecked' })
  quality!: DataQuality;

  /** Remarks of the observer; null: none. */
  @Text({ comment: 'Remarks of the observer', null: 'none' })
  note!: string | null;
}
