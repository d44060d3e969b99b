import type { DeepPartial, EntityManager, ObjectLiteral } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  ApiToken,
  ChaiInparParameter,
  ChaiModuleConfiguration,
  ChaiObservationConfiguration,
  ChaiTiling,
  ConstantElevationSource,
  DataGrouping,
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
  InstrumentSlot,
  LongTermArchiveTransfer,
  Observatory,
  ObservingProgram,
  ObsMode,
  ObsUnit,
  Permission,
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
  Role,
  S3DataLocation,
  Site,
  SolarSystemObject,
  SpectralLine,
  StagingJob,
  StatusHistory,
  SubObservingProgram,
  TapeDataLocation,
  Telescope,
  User,
} from '../../src/entities/index.js';

/** The rows by the name of their class; of sites the first. */
export type OneOfEach = Readonly<Record<string, ObjectLiteral>>;

type Values<T> = NoInfer<DeepPartial<T>>;

/**
 * Inserts one valid row of every class that has rows, with little more than what it must have, and one of every
 * junction table, into tables without rows. The three locations stand at three sites.
 */
export async function oneOfEach(manager: EntityManager): Promise<OneOfEach> {
  const rows: Record<string, ObjectLiteral> = {};
  const add = async <T extends ObjectLiteral>(entity: new () => T, values: Values<T>): Promise<T> => {
    const row = await manager.save(manager.create(entity, values as DeepPartial<T>));
    rows[entity.name] ??= row;
    return row;
  };
  const added = <T extends { id: string }>(entity: new () => T, values: Values<T>): Promise<T> =>
    add(entity, { id: uuidv7(), ...values } as Values<T>);
  const startTime = new Date('2026-11-24T03:00:00Z');

  // access
  const permission = await add(Permission, { name: 'read:observations' });
  const role = await add(Role, { name: 'observer', permissions: [permission] });
  const user = await add(User, { username: 'observer', githubId: 77, roles: [role] });
  const userId = user.id;
  const tokenHash = 'a'.repeat(64);
  const token = { userId, name: 'script', tokenHash, tokenPrefix: 'ccat_abc', scopes: ['*:*'] };
  await add(ApiToken, token);

  // observatory
  const observatory = await add(Observatory, { name: 'Observatory', shortName: 'obs' });
  const telescope = await add(Telescope, {
    observatoryId: observatory.id,
    name: 'Telescope',
    shortName: 'tel',
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
  });
  const kind = 'heterodyne_array';
  const instrument = await add(Instrument, { telescopeId: telescope.id, name: 'Instrument', kind });
  const instrumentId = instrument.id;
  const offsets = { offsetXArcmin: 0, offsetYArcmin: 0 };
  const slot = await add(InstrumentSlot, { instrumentId, name: 'c', ...offsets });
  const instrumentModule = await add(InstrumentModule, { instrumentId, slotId: slot.id, name: 'Module' });
  const instrumentModuleId = instrumentModule.id;
  const tuning = await add(ChaiModuleConfiguration, {
    instrumentModuleId,
    name: 'tuning',
    loFrequencyGhz: 460,
    sideband: 'usb',
  });
  await add(PrimeCamModuleConfiguration, {
    instrumentModuleId,
    name: 'readout',
    readoutNetworkCount: 4,
    sampleRateHz: 488,
  });

  // planning
  const program = await add(ObservingProgram, { name: 'Program', shortName: 'P' });
  const observingProgramId = program.id;
  await add(SubObservingProgram, { observingProgramId, name: 'Project', shortName: 'P-1' });
  const line = await add(SpectralLine, {
    lineId: 'CO43',
    label: '12CO 4-3',
    species: '12C16O',
    restFrequencyGhz: 461.04,
    priority: 1,
  });
  const category = 'galactic_cloud';
  const fixedSource = await add(FixedSource, { name: 'Orion-KL', category, raDeg: 83.8, decDeg: -5.4 });
  const planet = { name: 'Mars', category: 'solar_system', naifId: 499, bodyClass: 'planet' } as const;
  await add(SolarSystemObject, planet);
  await add(ConstantElevationSource, {
    name: 'Field',
    category: 'survey_field',
    fieldShape: 'rectangle',
    fieldFrame: 'equatorial',
    centerRaDeg: 150,
    centerDecDeg: 2,
  });
  const obsMode = await add(ObsMode, { name: 'otf', label: 'On the fly', instruments: [instrument] });
  const map = await add(ChaiObservationConfiguration, { name: 'map', dumpTimeS: 1 });
  await add(PrimeCamObservationConfiguration, { name: 'scan', onskyVelocityDegS: 1 });
  await add(ChaiInparParameter, {
    chaiModuleConfigurationId: tuning.id,
    spectralLineId: line.id,
    ifFrequencyGhz: 6,
    imageFrequencyGhz: 449,
    velocityLsrKms: 0,
  });
  await add(ChaiTiling, {
    chaiObservationConfigurationId: map.id,
    tileNumber: 1,
    ...offsets,
    angleDeg: 0,
    rowCount: 8,
    rowSpacingArcsec: 9,
    dumpSpacingArcsec: 9,
  });
  const obsUnit = await add(ObsUnit, {
    name: 'Unit',
    sourceId: fixedSource.id,
    observingProgramId,
    obsModeId: obsMode.id,
    requestedTimeS: 3600,
    durationS: 600,
    instrumentModuleConfigurations: [tuning],
  });
  const endTime = new Date('2026-11-24T04:00:00Z');
  await add(PreScheduledSlot, { obsUnitId: obsUnit.id, startTime, endTime });

  // execution, location, data
  const executedObsUnit = await added(ExecutedObsUnit, {
    obsUnitId: obsUnit.id,
    startTime,
    observingNight: '2026-11-23',
  });
  const sites = [];
  for (const name of ['telescope', 'archive', 'vault'])
    sites.push(await add(Site, { name, shortName: name }));
  const [site, archiveSite, vaultSite] = sites as [Site, Site, Site];
  const disk = await add(DiskDataLocation, {
    siteId: site.id,
    name: 'disk',
    locationType: 'buffer',
    path: '/data',
  });
  const s3 = await add(S3DataLocation, {
    siteId: archiveSite.id,
    name: 's3',
    locationType: 'long_term_archive',
    bucket: 'raw',
    credentialsPrefix: 'ARCHIVE',
  });
  await add(TapeDataLocation, {
    siteId: vaultSite.id,
    name: 'tape',
    locationType: 'long_term_archive',
    libraryName: 'library',
  });
  const observed = { executedObsUnitId: executedObsUnit.id, instrumentModuleId, sourceLocationId: disk.id };
  const dataTransferPackage = await added(DataTransferPackage, { originLocationId: disk.id });
  const rawDataPackage = await added(RawDataPackage, observed);
  const rawDataPackageId = rawDataPackage.id;
  const rawDataFile = await added(RawDataFile, {
    ...observed,
    relativePath: '1.fits',
    sizeBytes: 1,
    instrumentModules: [instrumentModule],
  });
  await add(RawDataPackageMetadata, { rawDataPackageId });

  // reduction
  const dataGrouping = await add(DataGrouping, { name: 'all' });
  const pipeline = await add(Pipeline, {
    name: 'Pipeline',
    dataGroupingId: dataGrouping.id,
    processingLocationId: disk.id,
  });
  const software = await add(ReductionSoftware, { name: 'calibration' });
  const reductionSoftwareId = software.id;
  const version = await add(ReductionSoftwareVersion, {
    reductionSoftwareId,
    version: '1',
    image: 'image:1',
  });
  const stepConfig = await add(ReductionStepConfig, { name: 'small' });
  const step = await add(ReductionStep, {
    pipelineId: pipeline.id,
    name: 'calibrate',
    position: 1,
    reductionSoftwareId,
    reductionStepConfigId: stepConfig.id,
  });
  await add(ReductionStep, {
    pipelineId: pipeline.id,
    name: 'grid',
    position: 2,
    reductionSoftwareId,
    reductionStepConfigId: stepConfig.id,
  });
  await add(ReductionStep, {
    pipelineId: pipeline.id,
    name: 'average',
    position: 4,
    reductionSoftwareId,
    reductionStepConfigId: stepConfig.id,
  });
  await add(ReductionStepDependency, { pipelineId: pipeline.id, position: 4, upstreamPosition: 1 });
  const inputSet = await added(InputSet, { contentHash: 'b'.repeat(64), memberCount: 1 });
  await added(InputSetMember, { inputSetId: inputSet.id, rawDataPackageId });
  const run = await added(ExecutedReductionStep, {
    reductionStepId: step.id,
    subGroupKey: 'all',
    inputSetId: inputSet.id,
    reductionSoftwareVersionId: version.id,
  });
  const dataProduct = await added(DataProduct, {
    executedReductionStepId: run.id,
    type: 'science',
    relativePath: 'map.fits',
    sizeBytes: 1,
  });

  // transfer, copies
  const moved = { originLocationId: disk.id, destinationLocationId: s3.id };
  await add(DataTransferRoute, {
    name: 'route',
    originSiteId: site.id,
    destinationSiteId: archiveSite.id,
    method: 'bbcp',
  });
  const dataTransfer = await added(DataTransfer, { dataTransferPackageId: dataTransferPackage.id, ...moved });
  const dataTransferId = dataTransfer.id;
  await added(DataTransferLog, { dataTransferId, logPath: '/log/1' });
  await added(DataTransferUnpacking, { dataTransferId, destinationLocationId: s3.id });
  await added(LongTermArchiveTransfer, { rawDataPackageId, ...moved });
  await added(StagingJob, {
    destinationLocationId: disk.id,
    rawDataPackages: [rawDataPackage],
  });
  const there = { dataLocationId: disk.id };
  await added(RawDataFilePhysicalCopy, { ...there, rawDataFileId: rawDataFile.id });
  await added(RawDataPackagePhysicalCopy, { ...there, rawDataPackageId });
  await added(DataTransferPackagePhysicalCopy, {
    ...there,
    dataTransferPackageId: dataTransferPackage.id,
  });
  await added(DataProductPhysicalCopy, { ...there, dataProductId: dataProduct.id });
  await add(DeletionPolicy, { locationType: 'buffer' });
  await add(StatusHistory, {
    entity: 'RawDataPackage',
    rowId: rawDataPackageId,
    field: 'status',
    toStatus: 'pending',
    changedAt: startTime,
  });

  return rows;
}
