import { ApiToken } from './access/api-token.js';
import { Permission } from './access/permission.js';
import { Role } from './access/role.js';
import { User } from './access/user.js';
import { DataLocation } from './location/data-location.js';
import { DiskDataLocation } from './location/disk-data-location.js';
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
import { SpectralLine } from './planning/spectral-line.js';
import { SubObservingProgram } from './planning/sub-observing-program.js';
import { DataTransferRoute } from './transfer/data-transfer-route.js';

/** Every entity of the model, by domain. A class that is not in the list has no table. */
export const entities = [
  // observatory
  Observatory,
  Telescope,
  Instrument,
  InstrumentSlot,
  InstrumentModule,
  InstrumentModuleConfiguration,
  ChaiModuleConfiguration,
  PrimeCamModuleConfiguration,
  // planning
  ObservingProgram,
  SubObservingProgram,
  SpectralLine,
  Source,
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
  // location
  Site,
  DataLocation,
  DiskDataLocation,
  S3DataLocation,
  TapeDataLocation,
  // transfer
  DataTransferRoute,
  // access
  User,
  Role,
  Permission,
  ApiToken,
];

export * from './access/enums.js';
export * from './location/enums.js';
export type { S3Credentials } from './location/s3-data-location.js';
export * from './observatory/enums.js';
export * from './planning/enums.js';
export type { AzimuthRange } from './planning/prime-cam-observation-configuration.js';
export * from './transfer/enums.js';
export {
  ApiToken,
  ChaiInparParameter,
  ChaiModuleConfiguration,
  ChaiObservationConfiguration,
  ChaiTiling,
  ConstantElevationSource,
  DataLocation,
  DataTransferRoute,
  DiskDataLocation,
  FixedSource,
  Instrument,
  InstrumentModule,
  InstrumentModuleConfiguration,
  InstrumentSlot,
  ObservationConfiguration,
  Observatory,
  ObservingProgram,
  ObsMode,
  ObsUnit,
  Permission,
  PreScheduledSlot,
  PrimeCamModuleConfiguration,
  PrimeCamObservationConfiguration,
  Role,
  S3DataLocation,
  Site,
  SolarSystemObject,
  Source,
  SpectralLine,
  SubObservingProgram,
  TapeDataLocation,
  Telescope,
  User,
};
