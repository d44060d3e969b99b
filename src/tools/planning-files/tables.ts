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

/** What the planning of observations consists of. */
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

/** What of the planning is given by nature and by the instruments, not by those who plan. */
const GIVEN: readonly (new () => object)[] = [
  SpectralLine,
  PrimeCamModuleConfiguration,
  SolarSystemObject,
  ObsMode,
];

/** What the starting state of an observatory with files of its own leaves out: plans, and people who may log in. */
export const NOT_FACILITY: readonly (new () => object)[] = [
  ...PLANNING.filter((entity) => !GIVEN.includes(entity)),
  User,
];
