// Written by `npm run docs` from src/index.ts. A service pays at its start for the entities and for what it calls: a file that
// has functions alone is loaded when the first of them is called.
function later(load, name) {
  let loaded;
  const call = (...args) => {
    loaded ??= load()[name];
    return loaded(...args);
  };
  return Object.defineProperty(call, 'name', { value: name });
}

const databaseConnectionLoss = require('../dist/src/database/connection-loss.js');
exports.ConnectionLostError = databaseConnectionLoss.ConnectionLostError;

const databaseConnectionSettings = require('../dist/src/database/connection-settings.js');
exports.IN_MEMORY = databaseConnectionSettings.IN_MEMORY;

const databaseMigrationEngineMigrate = () => require('../dist/src/database/migration-engine/migrate.js');
exports.migrate = later(databaseMigrationEngineMigrate, 'migrate');
exports.pendingStatements = later(databaseMigrationEngineMigrate, 'pendingStatements');
exports.revertLast = later(databaseMigrationEngineMigrate, 'revertLast');

const databaseMigrationEngineDrift = () => require('../dist/src/database/migration-engine/drift.js');
exports.schemaDrift = later(databaseMigrationEngineDrift, 'schemaDrift');

const databaseMigrationEngineRevision = () => require('../dist/src/database/migration-engine/revision.js');
exports.schemaRevision = later(databaseMigrationEngineRevision, 'schemaRevision');
exports.stampRevision = later(databaseMigrationEngineRevision, 'stampRevision');

const databaseUrl = () => require('../dist/src/database-url.js');
exports.describeDatabase = later(databaseUrl, 'describeDatabase');
exports.getDatabaseUrl = later(databaseUrl, 'getDatabaseUrl');

const datasource = () => require('../dist/src/datasource.js');
exports.createDataSource = later(datasource, 'createDataSource');
exports.dataSourceOptions = later(datasource, 'dataSourceOptions');
exports.initCcatOpsDb = later(datasource, 'initCcatOpsDb');
exports.withDbSession = later(datasource, 'withDbSession');

const entities = require('../dist/src/entities/index.js');
exports.ApiToken = entities.ApiToken;
exports.BodyClass = entities.BodyClass;
exports.ChaiInparParameter = entities.ChaiInparParameter;
exports.ChaiModuleConfiguration = entities.ChaiModuleConfiguration;
exports.ChaiObservationConfiguration = entities.ChaiObservationConfiguration;
exports.ChaiTiling = entities.ChaiTiling;
exports.ConstantElevationSource = entities.ConstantElevationSource;
exports.CopyRepair = entities.CopyRepair;
exports.CopyVerification = entities.CopyVerification;
exports.DataGrouping = entities.DataGrouping;
exports.DataLocation = entities.DataLocation;
exports.DataProduct = entities.DataProduct;
exports.DataProductPhysicalCopy = entities.DataProductPhysicalCopy;
exports.DataProductType = entities.DataProductType;
exports.DataQuality = entities.DataQuality;
exports.DataTransfer = entities.DataTransfer;
exports.DataTransferLog = entities.DataTransferLog;
exports.DataTransferPackage = entities.DataTransferPackage;
exports.DataTransferPackagePhysicalCopy = entities.DataTransferPackagePhysicalCopy;
exports.DataTransferRoute = entities.DataTransferRoute;
exports.DataTransferUnpacking = entities.DataTransferUnpacking;
exports.DeletionPolicy = entities.DeletionPolicy;
exports.DiskDataLocation = entities.DiskDataLocation;
exports.ExecutedObsUnit = entities.ExecutedObsUnit;
exports.ExecutedObsUnitStatus = entities.ExecutedObsUnitStatus;
exports.ExecutedReductionStep = entities.ExecutedReductionStep;
exports.entities = entities.entities;
exports.FieldShape = entities.FieldShape;
exports.FixedSource = entities.FixedSource;
exports.InputSet = entities.InputSet;
exports.InputSetMember = entities.InputSetMember;
exports.Instrument = entities.Instrument;
exports.InstrumentAvailability = entities.InstrumentAvailability;
exports.InstrumentKind = entities.InstrumentKind;
exports.InstrumentModule = entities.InstrumentModule;
exports.InstrumentModuleConfiguration = entities.InstrumentModuleConfiguration;
exports.InstrumentSlot = entities.InstrumentSlot;
exports.LocationAvailability = entities.LocationAvailability;
exports.LocationType = entities.LocationType;
exports.LocationUsageEntry = entities.LocationUsageEntry;
exports.LongTermArchiveTransfer = entities.LongTermArchiveTransfer;
exports.ModuleConfigurationType = entities.ModuleConfigurationType;
exports.ObservationConfiguration = entities.ObservationConfiguration;
exports.ObservationConfigurationType = entities.ObservationConfigurationType;
exports.Observatory = entities.Observatory;
exports.ObservingProgram = entities.ObservingProgram;
exports.ObsMode = entities.ObsMode;
exports.ObsUnit = entities.ObsUnit;
exports.ObsUnitState = entities.ObsUnitState;
exports.OffsetFrame = entities.OffsetFrame;
exports.PackageState = entities.PackageState;
exports.Permission = entities.Permission;
exports.PhysicalCopy = entities.PhysicalCopy;
exports.PhysicalCopyStatus = entities.PhysicalCopyStatus;
exports.PhysicalCopyType = entities.PhysicalCopyType;
exports.Pipeline = entities.Pipeline;
exports.PreScheduledSlot = entities.PreScheduledSlot;
exports.PrimeCamModuleConfiguration = entities.PrimeCamModuleConfiguration;
exports.PrimeCamObservationConfiguration = entities.PrimeCamObservationConfiguration;
exports.RawDataFile = entities.RawDataFile;
exports.RawDataFileKind = entities.RawDataFileKind;
exports.RawDataFilePhysicalCopy = entities.RawDataFilePhysicalCopy;
exports.RawDataPackage = entities.RawDataPackage;
exports.RawDataPackageMetadata = entities.RawDataPackageMetadata;
exports.RawDataPackagePhysicalCopy = entities.RawDataPackagePhysicalCopy;
exports.ReductionSoftware = entities.ReductionSoftware;
exports.ReductionSoftwareVersion = entities.ReductionSoftwareVersion;
exports.ReductionStep = entities.ReductionStep;
exports.ReductionStepConfig = entities.ReductionStepConfig;
exports.ReductionStepDependency = entities.ReductionStepDependency;
exports.RetainedKind = entities.RetainedKind;
exports.RetentionPolicy = entities.RetentionPolicy;
exports.Role = entities.Role;
exports.RouteType = entities.RouteType;
exports.RunStatus = entities.RunStatus;
exports.S3DataLocation = entities.S3DataLocation;
exports.Sideband = entities.Sideband;
exports.Site = entities.Site;
exports.SolarSystemObject = entities.SolarSystemObject;
exports.Source = entities.Source;
exports.SourceCategory = entities.SourceCategory;
exports.SourceName = entities.SourceName;
exports.SourceType = entities.SourceType;
exports.SpectralLine = entities.SpectralLine;
exports.StagingJob = entities.StagingJob;
exports.StatusHistory = entities.StatusHistory;
exports.StorageType = entities.StorageType;
exports.SubObservingProgram = entities.SubObservingProgram;
exports.TapeDataLocation = entities.TapeDataLocation;
exports.Telescope = entities.Telescope;
exports.TimeAllocation = entities.TimeAllocation;
exports.TimeCorrection = entities.TimeCorrection;
exports.TimeUse = entities.TimeUse;
exports.TriggerType = entities.TriggerType;
exports.User = entities.User;
exports.UserKind = entities.UserKind;
exports.VelocityConvention = entities.VelocityConvention;
exports.VelocityFrame = entities.VelocityFrame;
exports.VerificationResult = entities.VerificationResult;
exports.VersionPolicy = entities.VersionPolicy;

const entitiesChecksum = require('../dist/src/entities/checksum.js');
exports.ChecksumAlgorithm = entitiesChecksum.ChecksumAlgorithm;

const entitiesReductionDataGrouping = require('../dist/src/entities/reduction/data-grouping.js');
exports.FILTER_OPERATORS = entitiesReductionDataGrouping.FILTER_OPERATORS;

const entitiesScanParameters = () => require('../dist/src/entities/scan-parameters.js');
exports.isUnitOf = later(entitiesScanParameters, 'isUnitOf');

const entitiesStatus = require('../dist/src/entities/status.js');
exports.Status = entitiesStatus.Status;

const entitiesScanCheck = () => require('../dist/src/entities/scan-check.js');
exports.scanIssues = later(entitiesScanCheck, 'scanIssues');

const entitiesScanRules = require('../dist/src/entities/scan-rules.js');
exports.ScanIssueCode = entitiesScanRules.ScanIssueCode;

const errors = require('../dist/src/errors.js');
exports.InvalidInputError = errors.InvalidInputError;
exports.OpsDbError = errors.OpsDbError;

const lifecycleDeletion = () => require('../dist/src/lifecycle/deletion.js');
exports.deletableCopies = later(lifecycleDeletion, 'deletableCopies');
exports.whereDeletable = later(lifecycleDeletion, 'whereDeletable');

const lifecycleTransitions = require('../dist/src/lifecycle/transitions.js');
exports.lifecycleOf = lifecycleTransitions.lifecycleOf;
exports.lifecycles = lifecycleTransitions.lifecycles;

const lifecycleTransition = () => require('../dist/src/lifecycle/transition.js');
exports.transition = later(lifecycleTransition, 'transition');

const accessAuthenticate = () => require('../dist/src/services/access/authenticate.js');
exports.authenticate = later(accessAuthenticate, 'authenticate');

const accessTokens = () => require('../dist/src/services/access/tokens.js');
exports.createApiToken = later(accessTokens, 'createApiToken');
exports.hashToken = later(accessTokens, 'hashToken');
exports.revokeApiToken = later(accessTokens, 'revokeApiToken');

const accessPermissions = () => require('../dist/src/services/access/permissions.js');
exports.isPermitted = later(accessPermissions, 'isPermitted');
exports.permissionsOf = later(accessPermissions, 'permissionsOf');

const accessScopes = () => require('../dist/src/services/access/scopes.js');
exports.isScope = later(accessScopes, 'isScope');
exports.scopeAllows = later(accessScopes, 'scopeAllows');

const changesChanges = () => require('../dist/src/services/changes/changes.js');
exports.changes = later(changesChanges, 'changes');

const claimingClaim = () => require('../dist/src/services/claiming/claim.js');
exports.claim = later(claimingClaim, 'claim');

const claimingRelease = () => require('../dist/src/services/claiming/release.js');
exports.fail = later(claimingRelease, 'fail');
exports.releaseStale = later(claimingRelease, 'releaseStale');

const claimingHeartbeat = () => require('../dist/src/services/claiming/heartbeat.js');
exports.heartbeat = later(claimingHeartbeat, 'heartbeat');

const dispatchDispatchOf = () => require('../dist/src/services/dispatch/dispatch-of.js');
exports.dispatchOf = later(dispatchDispatchOf, 'dispatchOf');

const dispatchSummary = () => require('../dist/src/services/dispatch/summary.js');
exports.dispatchSummary = later(dispatchSummary, 'dispatchSummary');

const dispatchExtent = () => require('../dist/src/services/dispatch/extent.js');
exports.extentOf = later(dispatchExtent, 'extentOf');

const dispatchUnit = () => require('../dist/src/services/dispatch/unit.js');
exports.obsUnitForDispatch = later(dispatchUnit, 'obsUnitForDispatch');

const dispatchSchedulerList = () => require('../dist/src/services/dispatch/scheduler-list.js');
exports.schedulerList = later(dispatchSchedulerList, 'schedulerList');

const filingExecutionsOfFiles = () => require('../dist/src/services/filing/executions-of-files.js');
exports.assignExecutions = later(filingExecutionsOfFiles, 'assignExecutions');
exports.markOfNoExecution = later(filingExecutionsOfFiles, 'markOfNoExecution');

const filingObsUnits = () => require('../dist/src/services/filing/obs-units.js');
exports.fileObsUnits = later(filingObsUnits, 'fileObsUnits');

const filingRawData = () => require('../dist/src/services/filing/raw-data.js');
exports.fileRawDataFiles = later(filingRawData, 'fileRawDataFiles');
exports.fileRawDataPackage = later(filingRawData, 'fileRawDataPackage');

const filingFileRows = () => require('../dist/src/services/filing/file-rows.js');
exports.fileRows = later(filingFileRows, 'fileRows');

const filingSlots = () => require('../dist/src/services/filing/slots.js');
exports.fileSlots = later(filingSlots, 'fileSlots');

const filingObservations = () => require('../dist/src/services/filing/observations.js');
exports.finishObservation = later(filingObservations, 'finishObservation');
exports.observingNight = later(filingObservations, 'observingNight');
exports.startObservation = later(filingObservations, 'startObservation');

const filingModuleNames = () => require('../dist/src/services/filing/module-names.js');
exports.instrumentModuleIds = later(filingModuleNames, 'instrumentModuleIds');

const filingConditions = () => require('../dist/src/services/filing/conditions.js');
exports.noteConditions = later(filingConditions, 'noteConditions');

const filingReadoutPath = () => require('../dist/src/services/filing/readout-path.js');
exports.readoutFile = later(filingReadoutPath, 'readoutFile');

const healthRepair = () => require('../dist/src/services/health/repair.js');
exports.completeRepair = later(healthRepair, 'completeRepair');
exports.planRepairs = later(healthRepair, 'planRepairs');

const healthVerification = () => require('../dist/src/services/health/verification.js');
exports.completeVerification = later(healthVerification, 'completeVerification');
exports.planVerifications = later(healthVerification, 'planVerifications');

const healthBadCopies = () => require('../dist/src/services/health/bad-copies.js');
exports.declareBad = later(healthBadCopies, 'declareBad');

const healthAtRisk = () => require('../dist/src/services/health/at-risk.js');
exports.rawDataAtRisk = later(healthAtRisk, 'rawDataAtRisk');

const hoursAccounting = () => require('../dist/src/services/hours/accounting.js');
exports.timeAccounting = later(hoursAccounting, 'timeAccounting');

const readingReadRows = () => require('../dist/src/services/reading/read-rows.js');
exports.readByKey = later(readingReadRows, 'readByKey');
exports.readMany = later(readingReadRows, 'readMany');

const readingStream = () => require('../dist/src/services/reading/stream.js');
exports.streamMany = later(readingStream, 'streamMany');

const reductionTool = require('../dist/src/services/reduction/tool.js');
exports.CONTRACT_VERSIONS = reductionTool.CONTRACT_VERSIONS;
exports.readTool = reductionTool.readTool;

const reductionCollect = () => require('../dist/src/services/reduction/collect.js');
exports.collectOutputs = later(reductionCollect, 'collectOutputs');

const reductionInputSet = () => require('../dist/src/services/reduction/input-set.js');
exports.contentHash = later(reductionInputSet, 'contentHash');
exports.inputSet = later(reductionInputSet, 'inputSet');

const reductionRuns = () => require('../dist/src/services/reduction/runs.js');
exports.createRun = later(reductionRuns, 'createRun');
exports.missingRuns = later(reductionRuns, 'missingRuns');

const reductionSubGroupKey = () => require('../dist/src/services/reduction/sub-group-key.js');
exports.dimsOfKey = later(reductionSubGroupKey, 'dimsOfKey');

const reductionDimensions = require('../dist/src/services/reduction/dimensions.js');
exports.GROUP_BY = reductionDimensions.GROUP_BY;

const reductionManifest = () => require('../dist/src/services/reduction/manifest.js');
exports.inputManifest = later(reductionManifest, 'inputManifest');

const reductionLineage = () => require('../dist/src/services/reduction/lineage.js');
exports.lineageOf = later(reductionLineage, 'lineageOf');
exports.productsOf = later(reductionLineage, 'productsOf');

const reductionOutputs = () => require('../dist/src/services/reduction/outputs.js');
exports.outputsOfFolders = later(reductionOutputs, 'outputsOfFolders');
exports.outputsOfTool = later(reductionOutputs, 'outputsOfTool');

const reductionPackages = () => require('../dist/src/services/reduction/packages.js');
exports.packagesOf = later(reductionPackages, 'packagesOf');

const reductionFolders = () => require('../dist/src/services/reduction/folders.js');
exports.productTypeOf = later(reductionFolders, 'productTypeOf');
exports.runFolders = later(reductionFolders, 'runFolders');

const reductionRegister = () => require('../dist/src/services/reduction/register.js');
exports.registerVersion = later(reductionRegister, 'registerVersion');

const reductionVersions = () => require('../dist/src/services/reduction/versions.js');
exports.resolveVersion = later(reductionVersions, 'resolveVersion');

const reductionSubGroups = () => require('../dist/src/services/reduction/sub-groups.js');
exports.subGroups = later(reductionSubGroups, 'subGroups');

const reductionSubmission = () => require('../dist/src/services/reduction/submission.js');
exports.submissionOf = later(reductionSubmission, 'submissionOf');

const reductionWhereDims = () => require('../dist/src/services/reduction/where-dims.js');
exports.whereDims = later(reductionWhereDims, 'whereDims');

const databaseServersLsn = () => require('../dist/src/database/servers/lsn.js');
exports.currentLsn = later(databaseServersLsn, 'currentLsn');
exports.formatLsn = later(databaseServersLsn, 'formatLsn');
exports.parseLsn = later(databaseServersLsn, 'parseLsn');
exports.replayLsn = later(databaseServersLsn, 'replayLsn');
exports.waitForLsn = later(databaseServersLsn, 'waitForLsn');

const databaseServersReplica = () => require('../dist/src/database/servers/replica.js');
exports.isReplica = later(databaseServersReplica, 'isReplica');

const databaseRetry = () => require('../dist/src/database/retry.js');
exports.isRetryable = later(databaseRetry, 'isRetryable');

const databaseServersLag = () => require('../dist/src/database/servers/lag.js');
exports.replicationLag = later(databaseServersLag, 'replicationLag');

const replicationReadAfter = () => require('../dist/src/services/replication/read-after.js');
exports.withReadAfter = later(replicationReadAfter, 'withReadAfter');

const schemasPlain = () => require('../dist/src/services/schemas/plain.js');
exports.fromPlain = later(schemasPlain, 'fromPlain');
exports.readPayload = later(schemasPlain, 'readPayload');
exports.toPlain = later(schemasPlain, 'toPlain');

const skySite = require('../dist/src/services/sky/site.js');
exports.FYST = skySite.FYST;

const skyFindSource = () => require('../dist/src/services/sky/find-source.js');
exports.findSource = later(skyFindSource, 'findSource');

const skyObservable = () => require('../dist/src/services/sky/observable.js');
exports.isObservable = later(skyObservable, 'isObservable');

const skyObservableUnits = () => require('../dist/src/services/sky/observable-units.js');
exports.lastEndsBefore = later(skyObservableUnits, 'lastEndsBefore');
exports.observableUnits = later(skyObservableUnits, 'observableUnits');

const skyNotePositions = () => require('../dist/src/services/sky/note-positions.js');
exports.notePositions = later(skyNotePositions, 'notePositions');

const skyDataWithin = () => require('../dist/src/services/sky/data-within.js');
exports.packagesWithin = later(skyDataWithin, 'packagesWithin');
exports.productsWithin = later(skyDataWithin, 'productsWithin');

const skySky = () => require('../dist/src/services/sky/sky.js');
exports.skyAt = later(skySky, 'skyAt');

const skyPosition = () => require('../dist/src/services/sky/position.js');
exports.skyPosition = later(skyPosition, 'skyPosition');

const skyCone = () => require('../dist/src/services/sky/cone.js');
exports.sourcesWithin = later(skyCone, 'sourcesWithin');

const skyUnitVisibility = () => require('../dist/src/services/sky/unit-visibility.js');
exports.unitVisibility = later(skyUnitVisibility, 'unitVisibility');

const skyVisibility = () => require('../dist/src/services/sky/visibility.js');
exports.visibility = later(skyVisibility, 'visibility');

const skyVisibleUnits = () => require('../dist/src/services/sky/visible-units.js');
exports.visibleUnits = later(skyVisibleUnits, 'visibleUnits');

const spoolStore = require('../dist/src/services/spool/store.js');
exports.CallState = spoolStore.CallState;

const spoolSpool = () => require('../dist/src/services/spool/spool.js');
exports.openSpool = later(spoolSpool, 'openSpool');

const spoolSite = () => require('../dist/src/services/spool/site.js');
exports.withSpool = later(spoolSite, 'withSpool');

const storageHold = () => require('../dist/src/services/storage/hold.js');
exports.holdCopies = later(storageHold, 'holdCopies');
exports.releaseHold = later(storageHold, 'releaseHold');

const storageUsage = () => require('../dist/src/services/storage/usage.js');
exports.locationUsage = later(storageUsage, 'locationUsage');
exports.recountUsage = later(storageUsage, 'recountUsage');
exports.usageByLocation = later(storageUsage, 'usageByLocation');

const transferDeletions = () => require('../dist/src/services/transfer/deletions.js');
exports.beginDeletions = later(transferDeletions, 'beginDeletions');
exports.endDeletions = later(transferDeletions, 'endDeletions');
exports.releaseStaleDeletions = later(transferDeletions, 'releaseStaleDeletions');
exports.scheduleDeletions = later(transferDeletions, 'scheduleDeletions');

const transferWritableLocations = require('../dist/src/services/transfer/writable-locations.js');
exports.bufferOf = transferWritableLocations.bufferOf;
exports.WRITABLE = transferWritableLocations.WRITABLE;

const transferArchiving = () => require('../dist/src/services/transfer/archiving.js');
exports.completeArchiving = later(transferArchiving, 'completeArchiving');
exports.planArchiving = later(transferArchiving, 'planArchiving');

const transferBundles = () => require('../dist/src/services/transfer/bundles.js');
exports.completeBundle = later(transferBundles, 'completeBundle');
exports.planBundles = later(transferBundles, 'planBundles');

const transferPackages = () => require('../dist/src/services/transfer/packages.js');
exports.completePackage = later(transferPackages, 'completePackage');
exports.waitingPackages = later(transferPackages, 'waitingPackages');

const transferStaging = () => require('../dist/src/services/transfer/staging.js');
exports.completeStaging = later(transferStaging, 'completeStaging');
exports.releaseStaging = later(transferStaging, 'releaseStaging');
exports.requestStaging = later(transferStaging, 'requestStaging');

const transferTransfers = () => require('../dist/src/services/transfer/transfers.js');
exports.completeTransfer = later(transferTransfers, 'completeTransfer');
exports.completeUnpacking = later(transferTransfers, 'completeUnpacking');
exports.planTransfers = later(transferTransfers, 'planTransfers');

const transferGiveUp = () => require('../dist/src/services/transfer/give-up.js');
exports.giveUpWork = later(transferGiveUp, 'giveUpWork');

const transferPlanPackages = () => require('../dist/src/services/transfer/plan-packages.js');
exports.planPackages = later(transferPlanPackages, 'planPackages');

const transferCopies = () => require('../dist/src/services/transfer/copies.js');
exports.recordCopies = later(transferCopies, 'recordCopies');

const transferRetry = () => require('../dist/src/services/transfer/retry.js');
exports.retryWork = later(transferRetry, 'retryWork');

const workingItem = require('../dist/src/services/working/item.js');
exports.WorkItem = workingItem.WorkItem;

const workingWork = () => require('../dist/src/services/working/work.js');
exports.work = later(workingWork, 'work');

const settingsExplain = () => require('../dist/src/settings/explain.js');
exports.explainSettings = later(settingsExplain, 'explainSettings');

const settingsLoad = () => require('../dist/src/settings/load.js');
exports.loadSettings = later(settingsLoad, 'loadSettings');

const settingsRead = () => require('../dist/src/settings/read.js');
exports.readSettings = later(settingsRead, 'readSettings');

const views = require('../dist/src/views/index.js');
exports.ObsCore = views.ObsCore;
