import { ApiToken } from './access/api-token.js';
import { Permission } from './access/permission.js';
import { Role } from './access/role.js';
import { User } from './access/user.js';
import { DataTransferPackage } from './data/data-transfer-package.js';
import { RawDataFile } from './data/raw-data-file.js';
import { RawDataPackage } from './data/raw-data-package.js';
import { RawDataPackageMetadata } from './data/raw-data-package-metadata.js';
import { ExecutedObsUnit } from './execution/executed-obs-unit.js';
import { TimeCorrection } from './execution/time-correction.js';
import { StatusHistory } from './history/status-history.js';
import { DataLocation } from './location/data-location.js';
import { DataProductPhysicalCopy } from './location/data-product-physical-copy.js';
import { DataTransferPackagePhysicalCopy } from './location/data-transfer-package-physical-copy.js';
import { DeletionPolicy } from './location/deletion-policy.js';
import { DiskDataLocation } from './location/disk-data-location.js';
import { LocationUsageEntry } from './location/location-usage-entry.js';
import { PhysicalCopy } from './location/physical-copy.js';
import { RawDataFilePhysicalCopy } from './location/raw-data-file-physical-copy.js';
import { RawDataPackagePhysicalCopy } from './location/raw-data-package-physical-copy.js';
import { RetentionPolicy } from './location/retention-policy.js';
import { S3DataLocation } from './location/s3-data-location.js';
import { Site } from './location/site.js';
import { TapeDataLocation } from './location/tape-data-location.js';
import { ChaiModuleConfiguration } from './observatory/chai-module-configuration.js';
import { Instrument } from './observatory/instrument.js';
import { InstrumentModule } from './observatory/instrument-module.js';
import { InstrumentModuleConfiguration } from './observatory/instrument-module-configuration.js';
import { InstrumentSlot } from './observatory/instrument-slot.js';
import { Observatory } from './observatory/observatory.js';
import { PrimeCamModuleConfiguration } from './observatory/prime-cam-module-configuration.js';
import { Telescope } from './observatory/telescope.js';
import { ChaiInparParameter } from './planning/chai-inpar-parameter.js';
import { ChaiObservationConfiguration } from './planning/chai-observation-configuration.js';
import { ChaiTiling } from './planning/chai-tiling.js';
import { ConstantElevationSource } from './planning/constant-elevation-source.js';
import { FixedSource } from './planning/fixed-source.js';
import { ObsMode } from './planning/obs-mode.js';
import { ObsUnit } from './planning/obs-unit.js';
import { ObservationConfiguration } from './planning/observation-configuration.js';
import { ObservingProgram } from './planning/observing-program.js';
import { PreScheduledSlot } from './planning/pre-scheduled-slot.js';
import { PrimeCamObservationConfiguration } from './planning/prime-cam-observation-configuration.js';
import { SolarSystemObject } from './planning/solar-system-object.js';
import { Source } from './planning/source.js';
import { SourceName } from './planning/source-name.js';
import { SpectralLine } from './planning/spectral-line.js';
import { SubObservingProgram } from './planning/sub-observing-program.js';
import { TimeAllocation } from './planning/time-allocation.js';
import { DataGrouping } from './reduction/data-grouping.js';
import { DataProduct } from './reduction/data-product.js';
import { ExecutedReductionStep } from './reduction/executed-reduction-step.js';
import { InputSet } from './reduction/input-set.js';
import { InputSetMember } from './reduction/input-set-member.js';
import { Pipeline } from './reduction/pipeline.js';
import { ReductionSoftware } from './reduction/reduction-software.js';
import { ReductionSoftwareVersion } from './reduction/reduction-software-version.js';
import { ReductionStep } from './reduction/reduction-step.js';
import { ReductionStepConfig } from './reduction/reduction-step-config.js';
import { ReductionStepDependency } from './reduction/reduction-step-dependency.js';
import { CopyRepair } from './transfer/copy-repair.js';
import { CopyVerification } from './transfer/copy-verification.js';
import { DataTransfer } from './transfer/data-transfer.js';
import { DataTransferLog } from './transfer/data-transfer-log.js';
import { DataTransferRoute } from './transfer/data-transfer-route.js';
import { DataTransferUnpacking } from './transfer/data-transfer-unpacking.js';
import { LongTermArchiveTransfer } from './transfer/long-term-archive-transfer.js';
import { StagingJob } from './transfer/staging-job.js';

/** Every class by its name: tables and constraints are named after it, and bundlers shorten the names of classes. */
export const entitiesByName = {
  ApiToken,
  Permission,
  Role,
  User,
  DataTransferPackage,
  RawDataFile,
  RawDataPackage,
  RawDataPackageMetadata,
  ExecutedObsUnit,
  StatusHistory,
  DataLocation,
  DataProductPhysicalCopy,
  DataTransferPackagePhysicalCopy,
  DeletionPolicy,
  DiskDataLocation,
  LocationUsageEntry,
  PhysicalCopy,
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
  RetentionPolicy,
  S3DataLocation,
  Site,
  TapeDataLocation,
  ChaiModuleConfiguration,
  Instrument,
  InstrumentModule,
  InstrumentModuleConfiguration,
  InstrumentSlot,
  Observatory,
  PrimeCamModuleConfiguration,
  Telescope,
  ChaiInparParameter,
  ChaiObservationConfiguration,
  ChaiTiling,
  ConstantElevationSource,
  FixedSource,
  ObsMode,
  ObsUnit,
  ObservationConfiguration,
  ObservingProgram,
  PreScheduledSlot,
  PrimeCamObservationConfiguration,
  SolarSystemObject,
  Source,
  SourceName,
  SpectralLine,
  SubObservingProgram,
  DataGrouping,
  DataProduct,
  ExecutedReductionStep,
  InputSet,
  InputSetMember,
  Pipeline,
  ReductionSoftware,
  ReductionSoftwareVersion,
  ReductionStep,
  ReductionStepConfig,
  ReductionStepDependency,
  CopyRepair,
  CopyVerification,
  DataTransfer,
  DataTransferLog,
  DataTransferRoute,
  DataTransferUnpacking,
  LongTermArchiveTransfer,
  StagingJob,
  TimeAllocation,
  TimeCorrection,
};
for (const [name, entity] of Object.entries(entitiesByName))
  Object.defineProperty(entity, 'name', { value: name });

/** The entities of each domain, which is a folder here. A class that is not in the list has no table. */
export const entitiesByDomain = {
  observatory: [
    Observatory,
    Telescope,
    Instrument,
    InstrumentSlot,
    InstrumentModule,
    InstrumentModuleConfiguration,
    ChaiModuleConfiguration,
    PrimeCamModuleConfiguration,
  ],
  planning: [
    ObservingProgram,
    SubObservingProgram,
    TimeAllocation,
    SpectralLine,
    Source,
    SourceName,
    FixedSource,
    SolarSystemObject,
    ConstantElevationSource,
    ObsMode,
    ObservationConfiguration,
    ChaiObservationConfiguration,
    PrimeCamObservationConfiguration,
    ChaiInparParameter,
    ChaiTiling,
    ObsUnit,
    PreScheduledSlot,
  ],
  execution: [ExecutedObsUnit, TimeCorrection],
  data: [RawDataFile, RawDataPackage, RawDataPackageMetadata, DataTransferPackage],
  location: [
    Site,
    DataLocation,
    DiskDataLocation,
    S3DataLocation,
    TapeDataLocation,
    PhysicalCopy,
    RawDataFilePhysicalCopy,
    RawDataPackagePhysicalCopy,
    DataTransferPackagePhysicalCopy,
    DataProductPhysicalCopy,
    LocationUsageEntry,
    DeletionPolicy,
    RetentionPolicy,
  ],
  transfer: [
    DataTransferRoute,
    DataTransfer,
    DataTransferUnpacking,
    DataTransferLog,
    LongTermArchiveTransfer,
    StagingJob,
    CopyVerification,
    CopyRepair,
  ],
  reduction: [
    DataGrouping,
    Pipeline,
    ReductionSoftware,
    ReductionSoftwareVersion,
    ReductionStepConfig,
    ReductionStep,
    ReductionStepDependency,
    InputSet,
    InputSetMember,
    ExecutedReductionStep,
    DataProduct,
  ],
  history: [StatusHistory],
  access: [User, Role, Permission, ApiToken],
};

/**
 * Every entity of the model, by domain.
 *
 * @example
 * import { entities } from 'ccat-ops-db';
 *
 * const empty = [];
 * for (const entity of entities) if (!(await session.exists(entity))) empty.push(entity.name);
 * console.log(empty.join(' ')); // TimeAllocation TimeCorrection TapeDataLocation RetentionPolicy CopyVerification CopyRepair ApiToken
 */
export const entities = Object.values(entitiesByDomain).flat();

export * from './access/enums.js';
export { ChecksumAlgorithm } from './checksum.js';
export * from './data/enums.js';
export * from './execution/enums.js';
export * from './location/enums.js';
export type { S3Credentials } from './location/s3-data-location.js';
export * from './observatory/enums.js';
export * from './planning/enums.js';
export type { AzimuthRange } from './planning/prime-cam-observation-configuration.js';
export { FILTER_OPERATORS, type FilterOperator, type FilterRule } from './reduction/data-grouping.js';
export * from './reduction/enums.js';
export type { Dims } from './reduction/executed-reduction-step.js';
export { issuesInAnyMode, type ScanIssue, type ScanParameters, scanIssues } from './scan-check.js';
export {
  type ConstantElevationParameters,
  type DaisyParameters,
  isUnitOf,
  type MappingParameters,
  type MappingParametersByMode,
  type ObsUnitOf,
  type PongParameters,
  type SourceScanParameters,
} from './scan-parameters.js';
export type { ScanMode, ScanPattern } from './scan-patterns.js';
export { Status } from './status.js';
export * from './transfer/enums.js';
export {
  ApiToken,
  ChaiInparParameter,
  ChaiModuleConfiguration,
  ChaiObservationConfiguration,
  ChaiTiling,
  ConstantElevationSource,
  CopyRepair,
  CopyVerification,
  DataGrouping,
  DataLocation,
  DataProduct,
  DataProductPhysicalCopy,
  DataTransfer,
  DataTransferLog,
  DataTransferPackage,
  DataTransferPackagePhysicalCopy,
  DataTransferRoute,
  DataTransferUnpacking,
  DeletionPolicy,
  DiskDataLocation,
  ExecutedObsUnit,
  ExecutedReductionStep,
  FixedSource,
  InputSet,
  InputSetMember,
  Instrument,
  InstrumentModule,
  InstrumentModuleConfiguration,
  InstrumentSlot,
  LocationUsageEntry,
  LongTermArchiveTransfer,
  ObservationConfiguration,
  Observatory,
  ObservingProgram,
  ObsMode,
  ObsUnit,
  Permission,
  PhysicalCopy,
  Pipeline,
  PreScheduledSlot,
  PrimeCamModuleConfiguration,
  PrimeCamObservationConfiguration,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackageMetadata,
  RawDataPackagePhysicalCopy,
  ReductionSoftware,
  ReductionSoftwareVersion,
  ReductionStep,
  ReductionStepConfig,
  ReductionStepDependency,
  RetentionPolicy,
  Role,
  S3DataLocation,
  Site,
  SolarSystemObject,
  Source,
  SourceName,
  SpectralLine,
  StagingJob,
  StatusHistory,
  SubObservingProgram,
  TapeDataLocation,
  Telescope,
  TimeAllocation,
  TimeCorrection,
  User,
};
