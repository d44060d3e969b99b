import {
  ChaiInparParameter,
  ChaiModuleConfiguration,
  ChaiObservationConfiguration,
  ChaiTiling,
  ConstantElevationSource,
  FixedSource,
  ObservingProgram,
  ObsMode,
  ObsUnit,
  PreScheduledSlot,
  PrimeCamModuleConfiguration,
  PrimeCamObservationConfiguration,
  SolarSystemObject,
  SpectralLine,
  SubObservingProgram,
  User,
} from '../../entities/index.js';

/** The entities of planning. */
export const PLANNING: readonly (new () => object)[] = [
  SpectralLine,
  ChaiModuleConfiguration,
  ChaiInparParameter,
  PrimeCamModuleConfiguration,
  ObservingProgram,
  SubObservingProgram,
  FixedSource,
  SolarSystemObject,
  ConstantElevationSource,
  ObsMode,
  ChaiObservationConfiguration,
  ChaiTiling,
  PrimeCamObservationConfiguration,
  ObsUnit,
  PreScheduledSlot,
];

/** Entities of planning that describe nature and the instruments, not plans. */
const GIVEN: readonly (new () => object)[] = [
  SpectralLine,
  PrimeCamModuleConfiguration,
  SolarSystemObject,
  ObsMode,
];

/** Entities that are left out for an observatory with files of its own: plans, and users. */
export const NOT_FACILITY: readonly (new () => object)[] = [
  ...PLANNING.filter((entity) => !GIVEN.includes(entity)),
  User,
];
