import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import {
  ChaiInparParameter,
  ChaiModuleConfiguration,
  ChaiObservationConfiguration,
  ChaiTiling,
  ConstantElevationSource,
  DataGrouping,
  DataTransferRoute,
  DeletionPolicy,
  DiskDataLocation,
  FixedSource,
  Instrument,
  InstrumentModule,
  InstrumentSlot,
  Observatory,
  ObservingProgram,
  ObsMode,
  ObsUnit,
  Permission,
  Pipeline,
  PreScheduledSlot,
  PrimeCamModuleConfiguration,
  PrimeCamObservationConfiguration,
  ReductionSoftware,
  ReductionSoftwareVersion,
  ReductionStep,
  ReductionStepConfig,
  Role,
  S3DataLocation,
  Site,
  SolarSystemObject,
  SpectralLine,
  SubObservingProgram,
  Telescope,
  User,
} from '../entities/index.js';

/** One data file: which entity its rows are, and what tells them apart. */
export interface SeedStep {
  /** The entity that the rows are of. */
  readonly entity: new () => object;
  /** The natural key: properties, and relations that stand for the natural key of the other row. */
  readonly key: readonly string[];
}

/**
 * The data files in the order in which they are written: what a row refers to comes before it. The file of
 * an entity is its name in kebab-case; a reference is written as the other row's natural key, its parts
 * joined by `/`.
 */
export const seedPlan: readonly SeedStep[] = [
  { entity: Observatory, key: ['name'] },
  { entity: Telescope, key: ['shortName'] },
  { entity: Instrument, key: ['name'] },
  { entity: InstrumentSlot, key: ['instrument', 'name'] },
  { entity: InstrumentModule, key: ['instrument', 'name'] },
  { entity: SpectralLine, key: ['lineId'] },
  { entity: ChaiModuleConfiguration, key: ['instrumentModule', 'name'] },
  { entity: ChaiInparParameter, key: ['chaiModuleConfiguration', 'spectralLine'] },
  { entity: PrimeCamModuleConfiguration, key: ['instrumentModule', 'name'] },
  { entity: ObservingProgram, key: ['shortName'] },
  { entity: SubObservingProgram, key: ['shortName'] },
  { entity: FixedSource, key: ['name'] },
  { entity: SolarSystemObject, key: ['name'] },
  { entity: ConstantElevationSource, key: ['name'] },
  { entity: ObsMode, key: ['name'] },
  { entity: ChaiObservationConfiguration, key: ['name'] },
  { entity: ChaiTiling, key: ['chaiObservationConfiguration', 'tileNumber'] },
  { entity: PrimeCamObservationConfiguration, key: ['name'] },
  { entity: ObsUnit, key: ['name'] },
  { entity: PreScheduledSlot, key: ['obsUnit', 'startTime'] },
  { entity: Site, key: ['shortName'] },
  { entity: DiskDataLocation, key: ['site', 'name'] },
  { entity: S3DataLocation, key: ['site', 'name'] },
  { entity: DataTransferRoute, key: ['name'] },
  { entity: Permission, key: ['name'] },
  { entity: Role, key: ['name'] },
  { entity: User, key: ['username'] },
  { entity: DeletionPolicy, key: ['locationType'] },
  { entity: ReductionSoftware, key: ['name'] },
  { entity: ReductionSoftwareVersion, key: ['reductionSoftware', 'version'] },
  { entity: ReductionStepConfig, key: ['name'] },
  { entity: DataGrouping, key: ['name'] },
  { entity: Pipeline, key: ['name'] },
  { entity: ReductionStep, key: ['pipeline', 'name'] },
];

/**
 * The step by which rows of an entity are told apart; members of a family have one natural key.
 * @throws TypeError when the plan has none for the table
 */
export function stepOf({ tablePath, dataSource }: EntityMetadata): SeedStep {
  const step = seedPlan.find(({ entity }) => dataSource.getMetadata(entity).tablePath === tablePath);
  if (step) return step;
  throw new TypeError(`rows of ${tablePath} have no natural key`);
}
