import {
  Check,
  Entity,
  ForeignKey,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  Unique,
} from 'typeorm';
import { Enum, Flag, Instant, Int, Json, Real, ReferenceKey, Text } from '../columns.js';
import { InstrumentModuleConfiguration } from '../observatory/instrument-module-configuration.js';
import { WithAvailability } from '../with-availability.js';
import { ObsUnitState } from './enums.js';
import { ObsMode } from './obs-mode.js';
import { ObservationConfiguration } from './observation-configuration.js';
import { ObservingProgram } from './observing-program.js';
import { Source } from './source.js';
import { SpectralLine } from './spectral-line.js';
import { SubObservingProgram } from './sub-observing-program.js';

/**
 * The schedulable unit of observation: a source, a way to observe it, and under which conditions.
 *
 * @example
 * import { ObsUnit, ObsUnitState } from 'ccat-ops-db';
 *
 * const next = await session.findOneOrFail(ObsUnit, {
 *   where: { available: true, state: ObsUnitState.ACTIVE, observingProgram: { shortName: 'GEco' } },
 *   relations: { source: true, instrumentModuleConfigurations: { instrumentModule: true } },
 *   order: { priority: 'DESC', id: 'ASC' },
 * });
 * console.log(next.source?.name, next.lineId, next.durationS); // GalacticCentre CI10 3600
 * const setUps = next.instrumentModuleConfigurations ?? [];
 * console.log(setUps.map(({ instrumentModule }) => instrumentModule?.name)); // [ 'LFA' ]
 */
@Entity({ comment: 'The schedulable unit of observation.' })
@Unique(['name'])
@ForeignKey(
  () => SubObservingProgram,
  ['subObservingProgramId', 'observingProgramId'],
  ['id', 'observingProgramId'],
  { name: 'fk_obs_unit__sub_program_of_program', onDelete: 'RESTRICT' },
)
@Check('ck_obs_unit__available_only_when_active', `"available" = false OR "state" = 'active'`)
@Check('ck_obs_unit__elevation_limits_ordered', '"elevation_min_deg" < "elevation_max_deg"')
@Check('ck_obs_unit__azimuth_limits_ordered', '"azimuth_min_deg" < "azimuth_max_deg"')
@Check('ck_obs_unit__period_ordered', '"not_before" < "not_after"')
@Check('ck_obs_unit__lsa_limits_both', '("min_lsa" IS NULL) = ("max_lsa" IS NULL)')
@Check('ck_obs_unit__lsa_limits_differ', '"min_lsa" <> "max_lsa"')
export class ObsUnit extends WithAvailability {
  /** Name of the unit. */
  @Text({ comment: 'Name of the unit' })
  name!: string;

  /** Target of the unit. */
  @Index()
  @ReferenceKey({ comment: 'Target of the unit' })
  sourceId!: number;

  @ManyToOne(() => Source, { nullable: false, onDelete: 'RESTRICT' })
  source?: Source;

  /** Program that the unit belongs to. */
  @Index()
  @ReferenceKey({ comment: 'Program that the unit belongs to' })
  observingProgramId!: number;

  @ManyToOne(() => ObservingProgram, { nullable: false, onDelete: 'RESTRICT' })
  observingProgram?: ObservingProgram;

  /** Project of that program that the unit belongs to; null: the program has none. */
  @Index()
  @ReferenceKey({ comment: 'Project of that program that the unit belongs to', null: 'the program has none' })
  subObservingProgramId!: number | null;

  // The foreign key is the one of two columns above: the project must be one of the unit's own program.
  @ManyToOne(() => SubObservingProgram, { nullable: true, createForeignKeyConstraints: false })
  subObservingProgram?: SubObservingProgram | null;

  /** Strategy that the unit follows. */
  @Index()
  @ReferenceKey({ comment: 'Strategy that the unit follows' })
  obsModeId!: number;

  @ManyToOne(() => ObsMode, { nullable: false, onDelete: 'RESTRICT' })
  obsMode?: ObsMode;

  /** How the observation is carried out; null: as the mode does by default. */
  @Index()
  @ReferenceKey({ comment: 'How the observation is carried out', null: 'as the mode does by default' })
  observationConfigurationId!: number | null;

  @ManyToOne(() => ObservationConfiguration, { nullable: true, onDelete: 'RESTRICT' })
  observationConfiguration?: ObservationConfiguration | null;

  /** The modules that observe, each with its set-up. */
  @ManyToMany(
    () => InstrumentModuleConfiguration,
    (configuration) => configuration.obsUnits,
    { onDelete: 'CASCADE' },
  )
  @JoinTable({
    name: 'obs_unit_module_configuration',
    joinColumn: { name: 'obs_unit_id' },
    inverseJoinColumn: { name: 'module_configuration_id' },
  })
  instrumentModuleConfigurations?: InstrumentModuleConfiguration[];

  /**
   * Whether another instrument may observe through the focal plane at the same time; the unit of that one
   * says so, too.
   */
  @Flag({
    comment:
      'Whether another instrument may observe through the focal plane at the same time; the unit of that one says so, too',
    default: false,
  })
  sharesFocalPlane!: boolean;

  /** Main spectral line, such as CO43; null: continuum, or no main line. */
  @Index()
  @Text({ comment: 'Main spectral line, such as CO43', null: 'continuum, or no main line' })
  lineId!: string | null;

  @ManyToOne(() => SpectralLine, { nullable: true, onDelete: 'RESTRICT' })
  @JoinColumn({ name: 'line_id', referencedColumnName: 'lineId' })
  line?: SpectralLine | null;

  /** Whether the scheduler may choose the unit now. */
  @Flag({ comment: 'Whether the scheduler may choose the unit now', default: true })
  available!: boolean;

  /** Where the unit stands in its planning. */
  @Enum(ObsUnitState, { comment: 'Where the unit stands in its planning', default: 'active' })
  state!: ObsUnitState;

  /** Priority within its program, higher first. */
  @Int({ comment: 'Priority within its program, higher first', min: 0, max: 100, default: 50 })
  priority!: number;

  /** Time requested in all, on source [s]. */
  @Int({ comment: 'Time requested in all, on source', unit: 's', min: 1 })
  requestedTimeS!: number;

  /** Duration of one execution [s]. */
  @Int({ comment: 'Duration of one execution', unit: 's', min: 1 })
  durationS!: number;

  /** Shortest time from the end of one execution to the start of the next [s]; null: none. */
  @Int({
    comment: 'Shortest time from the end of one execution to the start of the next',
    unit: 's',
    min: 0,
    null: 'none',
  })
  repeatIntervalS!: number | null;

  /** Elevation of a constant-elevation unit [deg]; null: not at constant elevation. */
  @Real({
    comment: 'Elevation of a constant-elevation unit',
    unit: 'deg',
    min: 20,
    max: 90,
    null: 'not at constant elevation',
  })
  nominalAlt!: number | null;

  /** Lowest elevation [deg]; null: the telescope's limit. */
  @Real({ comment: 'Lowest elevation', unit: 'deg', min: 0, max: 90, null: "the telescope's limit" })
  elevationMinDeg!: number | null;

  /** Highest elevation [deg]; null: the telescope's limit. */
  @Real({ comment: 'Highest elevation', unit: 'deg', min: 0, max: 90, null: "the telescope's limit" })
  elevationMaxDeg!: number | null;

  /** Smallest azimuth, north through east [deg]; null: the telescope's limit. */
  @Real({
    comment: 'Smallest azimuth, north through east',
    unit: 'deg',
    min: -360,
    max: 720,
    null: "the telescope's limit",
  })
  azimuthMinDeg!: number | null;

  /** Largest azimuth, north through east [deg]; null: the telescope's limit. */
  @Real({
    comment: 'Largest azimuth, north through east',
    unit: 'deg',
    min: -360,
    max: 720,
    null: "the telescope's limit",
  })
  azimuthMaxDeg!: number | null;

  /**
   * Start of the window in local sidereal angle; above max_lsa the window goes through 0 [deg]; null: any.
   */
  @Real({
    comment: 'Start of the window in local sidereal angle; above max_lsa the window goes through 0',
    unit: 'deg',
    min: 0,
    below: 360,
    null: 'any',
  })
  minLsa!: number | null;

  /** End of the window in local sidereal angle [deg]; null: any. */
  @Real({
    comment: 'End of the window in local sidereal angle',
    unit: 'deg',
    min: 0,
    below: 360,
    null: 'any',
  })
  maxLsa!: number | null;

  /** Largest precipitable water vapour at zenith [mm]; null: any. */
  @Real({ comment: 'Largest precipitable water vapour at zenith', unit: 'mm', above: 0, null: 'any' })
  pwvMaxMm!: number | null;

  /** Smallest distance from the Sun [deg]; null: the telescope's limit. */
  @Real({
    comment: 'Smallest distance from the Sun',
    unit: 'deg',
    min: 0,
    max: 180,
    null: "the telescope's limit",
  })
  sunDistanceMinDeg!: number | null;

  /** Earliest start, UTC; null: any time. */
  @Instant({ comment: 'Earliest start, UTC', null: 'any time' })
  notBefore!: Date | null;

  /** Latest end, UTC; null: any time. */
  @Instant({ comment: 'Latest end, UTC', null: 'any time' })
  notAfter!: Date | null;

  /** Parameters of the scan with the keys that the survey planner writes for its mode. */
  @Json({
    comment: 'Parameters of the scan with the keys that the survey planner writes for its mode',
    default: {},
  })
  mappingParameters!: Record<string, unknown>;

  /** Anything else that the control system of the instrument takes. */
  @Json({ comment: 'Anything else that the control system of the instrument takes', default: {} })
  additionalParams!: Record<string, unknown>;
}
