import { CreateSchema1795478400000 } from './1795478400000-CreateSchema.js';
import { AddArchivedAtToRawDataPackage1795482000000 } from './1795482000000-AddArchivedAtToRawDataPackage.js';
import { FillArchivedAtOfRawDataPackage1795482600000 } from './1795482600000-FillArchivedAtOfRawDataPackage.js';
import { AddPackageIndexToRawDataFile1795485600000 } from './1795485600000-AddPackageIndexToRawDataFile.js';
import { CreateObsCoreView1795644437515 } from './1795644437515-CreateObsCoreView.js';
import { AddIndexesOfWhatManagersAskFor1795645506498 } from './1795645506498-AddIndexesOfWhatManagersAskFor.js';
import { AddIndexOfRunsToTryAgain1795660444000 } from './1795660444000-AddIndexOfRunsToTryAgain.js';
import { HoldPathsAndChecksums1796000200000 } from './1796000200000-HoldPathsAndChecksums.js';
import { WriteChecksumsInLowerCase1796000210000 } from './1796000210000-WriteChecksumsInLowerCase.js';
import { ValidatePathsAndChecksums1796000220000 } from './1796000220000-ValidatePathsAndChecksums.js';
import { AddScanLimitsAndReadoutNames1796000400001 } from './1796000400001-AddScanLimitsAndReadoutNames.js';
import { AllowRedshiftsAboveLight1796000400002 } from './1796000400002-AllowRedshiftsAboveLight.js';
import { MendObsCoreView1796000500000 } from './1796000500000-MendObsCoreView.js';
import { AddContractToReduction1796000501000 } from './1796000501000-AddContractToReduction.js';
import { LetStepsDependOnSeveral1796000503000 } from './1796000503000-LetStepsDependOnSeveral.js';
import { LetFilesHaveNoExecution1796000504000 } from './1796000504000-LetFilesHaveNoExecution.js';
import { AddIndexesOfFilesWithoutExecution1796000505000 } from './1796000505000-AddIndexesOfFilesWithoutExecution.js';
import { AddOwnerToPhysicalCopy1796000700000 } from './1796000700000-AddOwnerToPhysicalCopy.js';
import { ValidateOwnerOfPhysicalCopy1796000710000 } from './1796000710000-ValidateOwnerOfPhysicalCopy.js';
import { AddTransactionNumberToStatusHistory1796000720000 } from './1796000720000-AddTransactionNumberToStatusHistory.js';
import { IndexTransactionNumberOfStatusHistory1796000730000 } from './1796000730000-IndexTransactionNumberOfStatusHistory.js';
import { NotifyOfWorkAndChanges1796000740000 } from './1796000740000-NotifyOfWorkAndChanges.js';
import { AddGivenUpToWork1796000900000 } from './1796000900000-AddGivenUpToWork.js';
import { AddIndexesOfRevivableWork1796000901000 } from './1796000901000-AddIndexesOfRevivableWork.js';
import { AddTypeToKeyOfDataLocation1796100000000 } from './1796100000000-AddTypeToKeyOfDataLocation.js';
import { AddDestinationTypeToStagingJob1796100010000 } from './1796100010000-AddDestinationTypeToStagingJob.js';
import { ValidateDestinationOfStagingJob1796100020000 } from './1796100020000-ValidateDestinationOfStagingJob.js';
import { AddCommandsAndCadences1796101000000 } from './1796101000000-AddCommandsAndCadences.js';
import { LetReadoutNamesStandOnce1796101010000 } from './1796101010000-LetReadoutNamesStandOnce.js';
import { ListPackagesOfSeveralModulesInObsCore1796101020000 } from './1796101020000-ListPackagesOfSeveralModulesInObsCore.js';
import { IndexDimsAndWarnings1796101030000 } from './1796101030000-IndexDimsAndWarnings.js';
import { CountUsageOfLocations1796105000000 } from './1796105000000-CountUsageOfLocations.js';
import { FillUsageOfLocations1796105001000 } from './1796105001000-FillUsageOfLocations.js';
import { FindByPlaceAndName1796106000000 } from './1796106000000-FindByPlaceAndName.js';
import { AccountForTime1796106001000 } from './1796106001000-AccountForTime.js';
import { GivePlacesOfMovingTargets1796106002000 } from './1796106002000-GivePlacesOfMovingTargets.js';
import { AddRetentionAndWatermarks1796201000000 } from './1796201000000-AddRetentionAndWatermarks.js';
import { AddHoldToPhysicalCopy1796201001000 } from './1796201001000-AddHoldToPhysicalCopy.js';
import { ValidateHoldOfPhysicalCopy1796201002000 } from './1796201002000-ValidateHoldOfPhysicalCopy.js';
import { AddTelescopeToTimes1796202000000 } from './1796202000000-AddTelescopeToTimes.js';
import { FillTelescopeOfTimes1796202001000 } from './1796202001000-FillTelescopeOfTimes.js';
import { HoldTimesOfTelescopes1796202002000 } from './1796202002000-HoldTimesOfTelescopes.js';
import { KeepTimeCorrections1796202003000 } from './1796202003000-KeepTimeCorrections.js';
import { LetObservatoriesHaveNoShortName1796203000000 } from './1796203000000-LetObservatoriesHaveNoShortName.js';
import { NoteUpdatesOfRows1796203010000 } from './1796203010000-NoteUpdatesOfRows.js';
import { AddBadToStatusOfPhysicalCopy1796209003000 } from './1796209003000-AddBadToStatusOfPhysicalCopy.js';
import { AddHealthToPhysicalCopy1796209004000 } from './1796209004000-AddHealthToPhysicalCopy.js';
import { ValidateHealthOfPhysicalCopy1796209005000 } from './1796209005000-ValidateHealthOfPhysicalCopy.js';
import { AddVerificationsAndRepairs1796209006000 } from './1796209006000-AddVerificationsAndRepairs.js';
import { KeepTelescopesOfTimes1796209007000 } from './1796209007000-KeepTelescopesOfTimes.js';

/** Every migration, the oldest first. `npm run migration:new` and `migration:generate` keep the list. */
export const migrations = [
  CreateSchema1795478400000,
  AddArchivedAtToRawDataPackage1795482000000,
  FillArchivedAtOfRawDataPackage1795482600000,
  AddPackageIndexToRawDataFile1795485600000,
  CreateObsCoreView1795644437515,
  AddIndexesOfWhatManagersAskFor1795645506498,
  AddIndexOfRunsToTryAgain1795660444000,
  HoldPathsAndChecksums1796000200000,
  WriteChecksumsInLowerCase1796000210000,
  ValidatePathsAndChecksums1796000220000,
  AddScanLimitsAndReadoutNames1796000400001,
  AllowRedshiftsAboveLight1796000400002,
  MendObsCoreView1796000500000,
  AddContractToReduction1796000501000,
  LetStepsDependOnSeveral1796000503000,
  LetFilesHaveNoExecution1796000504000,
  AddIndexesOfFilesWithoutExecution1796000505000,
  AddOwnerToPhysicalCopy1796000700000,
  ValidateOwnerOfPhysicalCopy1796000710000,
  AddTransactionNumberToStatusHistory1796000720000,
  IndexTransactionNumberOfStatusHistory1796000730000,
  NotifyOfWorkAndChanges1796000740000,
  AddGivenUpToWork1796000900000,
  AddIndexesOfRevivableWork1796000901000,
  AddTypeToKeyOfDataLocation1796100000000,
  AddDestinationTypeToStagingJob1796100010000,
  ValidateDestinationOfStagingJob1796100020000,
  AddCommandsAndCadences1796101000000,
  LetReadoutNamesStandOnce1796101010000,
  ListPackagesOfSeveralModulesInObsCore1796101020000,
  IndexDimsAndWarnings1796101030000,
  CountUsageOfLocations1796105000000,
  FillUsageOfLocations1796105001000,
  FindByPlaceAndName1796106000000,
  AccountForTime1796106001000,
  GivePlacesOfMovingTargets1796106002000,
  AddRetentionAndWatermarks1796201000000,
  AddHoldToPhysicalCopy1796201001000,
  ValidateHoldOfPhysicalCopy1796201002000,
  AddTelescopeToTimes1796202000000,
  FillTelescopeOfTimes1796202001000,
  HoldTimesOfTelescopes1796202002000,
  KeepTimeCorrections1796202003000,
  LetObservatoriesHaveNoShortName1796203000000,
  NoteUpdatesOfRows1796203010000,
  AddBadToStatusOfPhysicalCopy1796209003000,
  AddHealthToPhysicalCopy1796209004000,
  ValidateHealthOfPhysicalCopy1796209005000,
  AddVerificationsAndRepairs1796209006000,
  KeepTelescopesOfTimes1796209007000,
];
