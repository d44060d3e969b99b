import { randomBytes, randomInt } from 'node:crypto';
import type { ObjectLiteral } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
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
} from '../../entities/index.js';
import type { Made, Maker } from './maker.js';

type Value<V> = V | ((maker: Maker) => V | Promise<V>);

/** The values of a valid row, in the order in which they are made. */
export type Recipe<T> = { readonly [K in keyof T]?: Value<T[K]> };

/** Which member stands for a family. */
const MEMBERS = new Map<unknown, unknown>([
  [Source, FixedSource],
  [DataLocation, DiskDataLocation],
  [PhysicalCopy, RawDataFilePhysicalCopy],
  [InstrumentModuleConfiguration, ChaiModuleConfiguration],
  [ObservationConfiguration, ChaiObservationConfiguration],
]);

/** The entity itself, or the member that stands for a family. */
export function concreteOf<T>(entity: Made<T>): new () => T {
  return (MEMBERS.get(entity) ?? entity) as new () => T;
}

const START = new Date('2026-11-24T03:00:00Z');
const END = new Date('2026-11-24T04:00:00Z');
const HOUR_S = 3600;

let times = 0;
/** Some time after {@link START}, later than those before. */
const nextTime = (stepS: number) => () => new Date(START.getTime() + ++times * stepS * 1000);

/** The key of the row that all others share. */
const keyOf =
  <K extends number | string, T extends { id: K }>(entity: Made<T>, name?: string, given?: Partial<T>) =>
  async (maker: Maker): Promise<T['id']> =>
    (await maker.one(entity, name, given)).id;

const listOf =
  <T extends ObjectLiteral>(entity: Made<T>) =>
  async (maker: Maker): Promise<T[]> => [await maker.one(entity)];

/** A text that no row has yet. */
const unique = (stem: string) => () => `${stem}_${randomBytes(4).toString('hex')}`;
const hash = () => randomBytes(32).toString('hex');
const number = () => randomInt(1_000_000, 2 ** 31);
const uuid = () => uuidv7();

let positions = 0;
/** Larger than those before. */
const position = () => ++positions;

const offsets = { offsetXArcmin: 0, offsetYArcmin: 0 };
const observed = {
  executedObsUnitId: keyOf(ExecutedObsUnit),
  instrumentModuleId: keyOf(InstrumentModule),
  sourceLocationId: keyOf(DiskDataLocation),
};
const moved = {
  originLocationId: keyOf(DiskDataLocation),
  destinationLocationId: keyOf(S3DataLocation),
};
const there = { id: uuid, dataLocationId: keyOf(DiskDataLocation) };

const entries = [
  // access
  of(Permission, { name: unique('read:observations') }),
  of(Role, { name: unique('observer'), permissions: listOf(Permission) }),
  of(User, { username: unique('observer'), githubId: number, roles: listOf(Role) }),
  of(ApiToken, {
    userId: keyOf(User),
    name: unique('script'),
    tokenHash: hash,
    tokenPrefix: 'ccat_abc',
    scopes: ['*:*'],
  }),

  // observatory
  of(Observatory, { name: unique('observatory'), shortName: unique('observatory') }),
  of(Telescope, {
    observatoryId: keyOf(Observatory),
    name: unique('telescope'),
    shortName: unique('telescope'),
    timeZone: 'America/Santiago',
    latitudeDeg: -23,
    longitudeDeg: -68,
    altitudeM: 5600,
    apertureM: 6,
    azimuthMinDeg: -180,
    azimuthMaxDeg: 360,
    elevationMinDeg: 5,
    elevationMaxDeg: 175,
    azimuthSpeedMaxDegS: 3,
    azimuthAccelerationMaxDegS2: 6,
    elevationSpeedMaxDegS: 1,
    elevationAccelerationMaxDegS2: 3,
    sunExclusionDeg: 30,
    sunWarningDeg: 45,
  }),
  of(Instrument, { telescopeId: keyOf(Telescope), name: unique('instrument'), kind: 'heterodyne_array' }),
  of(InstrumentSlot, { instrumentId: keyOf(Instrument), name: unique('slot'), ...offsets }),
  of(InstrumentModule, {
    instrumentId: keyOf(Instrument),
    name: unique('module'),
    slotId: async (maker) =>
      (await maker.make(InstrumentSlot, { instrumentId: (await maker.one(Instrument)).id })).id,
  }),
  of(ChaiModuleConfiguration, {
    instrumentModuleId: keyOf(InstrumentModule),
    name: unique('tuning'),
    loFrequencyGhz: 460,
    sideband: 'usb',
  }),
  of(PrimeCamModuleConfiguration, {
    instrumentModuleId: keyOf(InstrumentModule),
    name: unique('readout'),
    readoutNetworkCount: 4,
    sampleRateHz: 488,
  }),

  // planning
  of(ObservingProgram, { name: unique('program'), shortName: unique('program') }),
  of(SubObservingProgram, {
    observingProgramId: keyOf(ObservingProgram),
    name: unique('project'),
    shortName: unique('project'),
  }),
  of(SpectralLine, {
    lineId: unique('line'),
    label: '12CO 4-3',
    species: '12C16O',
    restFrequencyGhz: 461.04,
    priority: 1,
  }),
  of(FixedSource, { name: unique('source'), category: 'galactic_cloud', raDeg: 83.8, decDeg: -5.4 }),
  of(SourceName, { sourceId: keyOf(FixedSource), name: unique('name') }),
  of(SolarSystemObject, {
    name: unique('planet'),
    category: 'solar_system',
    naifId: number,
    bodyClass: 'planet',
  }),
  of(ConstantElevationSource, {
    name: unique('field'),
    category: 'survey_field',
    fieldShape: 'rectangle',
    fieldFrame: 'equatorial',
    centerRaDeg: 150,
    centerDecDeg: 2,
  }),
  of(ObsMode, { name: unique('mode'), label: 'On the fly', instruments: listOf(Instrument) }),
  of(ChaiObservationConfiguration, { name: unique('map'), dumpTimeS: 1 }),
  of(PrimeCamObservationConfiguration, { name: unique('scan'), onskyVelocityDegS: 1 }),
  of(ChaiInparParameter, {
    chaiModuleConfigurationId: keyOf(ChaiModuleConfiguration),
    spectralLineId: keyOf(SpectralLine),
    ifFrequencyGhz: 6,
    imageFrequencyGhz: 449,
    velocityLsrKms: 0,
  }),
  of(ChaiTiling, {
    chaiObservationConfigurationId: keyOf(ChaiObservationConfiguration),
    tileNumber: position,
    ...offsets,
    angleDeg: 0,
    rowCount: 8,
    rowSpacingArcsec: 9,
    dumpSpacingArcsec: 9,
  }),
  of(ObsUnit, {
    name: unique('unit'),
    sourceId: keyOf(FixedSource),
    observingProgramId: keyOf(ObservingProgram),
    obsModeId: keyOf(ObsMode),
    requestedTimeS: 3600,
    durationS: 600,
    instrumentModuleConfigurations: listOf(ChaiModuleConfiguration),
  }),
  of(PreScheduledSlot, {
    obsUnitId: keyOf(ObsUnit),
    startTime: nextTime(HOUR_S),
    endTime: () => new Date(START.getTime() + (times + 1) * HOUR_S * 1000),
  }),

  // execution, location, data
  of(TimeAllocation, {
    observingProgramId: keyOf(ObservingProgram),
    period: unique('period'),
    firstNight: '2026-10-01',
    lastNight: '2027-03-31',
    hours: 100,
  }),
  of(TimeCorrection, {
    telescopeId: keyOf(Telescope),
    startTime: START,
    endTime: END,
    use: 'lost_weather',
    reason: 'snow',
    enteredBy: 'operator',
  }),
  of(ExecutedObsUnit, {
    id: uuid,
    obsUnitId: keyOf(ObsUnit),
    startTime: nextTime(1),
    observingNight: '2026-11-23',
  }),
  of(Site, { name: unique('site'), shortName: unique('site') }),
  of(DiskDataLocation, {
    siteId: keyOf(Site),
    name: unique('disk'),
    locationType: 'buffer',
    path: '/data',
  }),
  of(S3DataLocation, {
    siteId: keyOf(Site, 'archive'),
    name: unique('s3'),
    locationType: 'long_term_archive',
    bucket: 'raw',
    credentialsPrefix: 'ARCHIVE',
  }),
  of(TapeDataLocation, {
    siteId: keyOf(Site, 'vault'),
    name: unique('tape'),
    locationType: 'long_term_archive',
    libraryName: 'library',
  }),
  of(DataTransferPackage, { id: uuid, originLocationId: keyOf(DiskDataLocation) }),
  of(RawDataPackage, { id: uuid, ...observed }),
  of(RawDataFile, {
    id: uuid,
    ...observed,
    relativePath: () => `${uuidv7()}.fits`,
    sizeBytes: 1,
    instrumentModules: listOf(InstrumentModule),
  }),
  of(RawDataPackageMetadata, { rawDataPackageId: keyOf(RawDataPackage) }),

  // reduction
  of(DataGrouping, { name: unique('grouping') }),
  of(Pipeline, {
    name: unique('pipeline'),
    dataGroupingId: keyOf(DataGrouping),
    processingLocationId: keyOf(DiskDataLocation),
  }),
  of(ReductionSoftware, { name: unique('software') }),
  of(ReductionSoftwareVersion, {
    reductionSoftwareId: keyOf(ReductionSoftware),
    version: unique('version'),
    image: 'image:1',
  }),
  of(ReductionStepConfig, { name: unique('config') }),
  of(ReductionStep, {
    pipelineId: keyOf(Pipeline),
    name: unique('step'),
    position,
    reductionSoftwareId: keyOf(ReductionSoftware),
    reductionStepConfigId: keyOf(ReductionStepConfig),
  }),
  of(ReductionStepDependency, {
    pipelineId: keyOf(Pipeline),
    upstreamPosition: async (maker) => (await maker.one(ReductionStep)).position,
    position: async (maker) => (await maker.one(ReductionStep, 'later')).position,
  }),
  of(InputSet, { id: uuid, contentHash: hash, memberCount: 1 }),
  of(InputSetMember, { id: uuid, inputSetId: keyOf(InputSet), rawDataPackageId: keyOf(RawDataPackage) }),
  of(ExecutedReductionStep, {
    id: uuid,
    reductionStepId: keyOf(ReductionStep),
    subGroupKey: 'all',
    inputSetId: keyOf(InputSet),
    reductionSoftwareVersionId: keyOf(ReductionSoftwareVersion),
  }),
  of(DataProduct, {
    id: uuid,
    executedReductionStepId: keyOf(ExecutedReductionStep),
    type: 'science',
    relativePath: () => `${uuidv7()}.fits`,
    sizeBytes: 1,
  }),

  // transfer, copies
  of(DataTransferRoute, {
    name: unique('route'),
    originSiteId: keyOf(Site),
    destinationSiteId: keyOf(Site, 'archive'),
    method: 'bbcp',
  }),
  of(DataTransfer, { id: uuid, dataTransferPackageId: keyOf(DataTransferPackage), ...moved }),
  of(DataTransferLog, { id: uuid, dataTransferId: keyOf(DataTransfer), logPath: '/log/1' }),
  of(DataTransferUnpacking, {
    id: uuid,
    dataTransferId: keyOf(DataTransfer),
    destinationLocationId: keyOf(S3DataLocation),
  }),
  of(CopyVerification, {
    id: uuid,
    physicalCopyId: keyOf(RawDataFilePhysicalCopy),
    dataLocationId: keyOf(DiskDataLocation),
  }),
  of(CopyRepair, {
    id: uuid,
    physicalCopyId: keyOf(RawDataFilePhysicalCopy),
    sourceCopyId: keyOf(RawDataPackagePhysicalCopy),
    ...moved,
  }),
  of(LongTermArchiveTransfer, { id: uuid, rawDataPackageId: keyOf(RawDataPackage), ...moved }),
  of(StagingJob, {
    id: uuid,
    destinationLocationId: keyOf(DiskDataLocation, 'processing', { locationType: 'processing' }),
    rawDataPackages: listOf(RawDataPackage),
  }),
  of(RawDataFilePhysicalCopy, { ...there, rawDataFileId: keyOf(RawDataFile) }),
  of(RawDataPackagePhysicalCopy, { ...there, rawDataPackageId: keyOf(RawDataPackage) }),
  of(DataTransferPackagePhysicalCopy, { ...there, dataTransferPackageId: keyOf(DataTransferPackage) }),
  of(DataProductPhysicalCopy, { ...there, dataProductId: keyOf(DataProduct) }),
  of(LocationUsageEntry, {
    dataLocationId: keyOf(DiskDataLocation),
    copyType: 'raw_data_file_physical_copy',
    copyStatus: 'present',
    copies: 0,
    bytes: 0,
  }),
  of(RetentionPolicy, { locationType: 'buffer', kind: 'file', retentionDays: 14 }),
  of(DeletionPolicy, { locationType: 'processing' }),
  of(StatusHistory, {
    entity: 'RawDataPackage',
    rowId: keyOf(RawDataPackage),
    field: 'status',
    toStatus: 'pending',
    changedAt: START,
  }),
];

/** The recipe of each entity. */
export const recipes: ReadonlyMap<new () => ObjectLiteral, Recipe<ObjectLiteral>> = new Map(entries);

function of<T extends ObjectLiteral>(
  entity: new () => T,
  recipe: Recipe<T>,
): [new () => ObjectLiteral, Recipe<ObjectLiteral>] {
  return [entity, recipe as Recipe<ObjectLiteral>];
}
