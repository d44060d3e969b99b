import {
  CopyRepair,
  CopyVerification,
  DataTransfer,
  DataTransferPackage,
  DataTransferUnpacking,
  ExecutedObsUnit,
  ExecutedObsUnitStatus,
  ExecutedReductionStep,
  LongTermArchiveTransfer,
  ObsUnit,
  ObsUnitState,
  PackageState,
  PhysicalCopy,
  PhysicalCopyStatus,
  RawDataPackage,
  RunStatus,
  StagingJob,
  Status,
} from '../entities/index.js';

/** From each status, the statuses that may follow. */
export type Transitions<S extends string = string> = Readonly<Record<S, readonly S[]>>;

const work: Transitions<Status> = {
  pending: [Status.SCHEDULED, Status.IN_PROGRESS, Status.FAILED],
  scheduled: [Status.IN_PROGRESS, Status.PENDING, Status.FAILED],
  in_progress: [Status.COMPLETED, Status.PENDING, Status.FAILED],
  completed: [],
  failed: [Status.PENDING],
};

/** A run that could not be staged or submitted fails or is tried again; the rest is as documented. */
const run: Transitions<RunStatus> = {
  pending: [RunStatus.STAGING_DATA, RunStatus.CANCELLED, RunStatus.FAILED],
  staging_data: [RunStatus.SUBMITTED, RunStatus.PENDING, RunStatus.FAILED],
  submitted: [RunStatus.RUNNING, RunStatus.CANCELLED, RunStatus.PENDING, RunStatus.FAILED],
  running: [RunStatus.COLLECTING_RESULTS, RunStatus.CANCELLED, RunStatus.PENDING, RunStatus.FAILED],
  collecting_results: [RunStatus.COMPLETED, RunStatus.PENDING, RunStatus.FAILED],
  completed: [],
  failed: [RunStatus.PENDING],
  cancelled: [],
};

const packageState: Transitions<PackageState> = {
  waiting: [PackageState.TRANSFERRING, PackageState.FAILED],
  transferring: [PackageState.ARCHIVED, PackageState.WAITING, PackageState.FAILED],
  archived: [],
  failed: [PackageState.WAITING],
};

const copy: Transitions<PhysicalCopyStatus> = {
  present: [
    PhysicalCopyStatus.STAGED,
    PhysicalCopyStatus.DELETION_POSSIBLE,
    PhysicalCopyStatus.DELETION_SCHEDULED,
    PhysicalCopyStatus.BAD,
  ],
  staged: [PhysicalCopyStatus.DELETION_SCHEDULED],
  deletion_possible: [
    PhysicalCopyStatus.DELETION_SCHEDULED,
    PhysicalCopyStatus.DELETED,
    PhysicalCopyStatus.BAD,
  ],
  deletion_scheduled: [
    PhysicalCopyStatus.DELETION_IN_PROGRESS,
    PhysicalCopyStatus.PRESENT,
    PhysicalCopyStatus.BAD,
  ],
  // A worker that ends releases the copies that it has not deleted yet.
  deletion_in_progress: [
    PhysicalCopyStatus.DELETED,
    PhysicalCopyStatus.DELETION_FAILED,
    PhysicalCopyStatus.DELETION_SCHEDULED,
  ],
  deletion_failed: [
    PhysicalCopyStatus.DELETION_SCHEDULED,
    PhysicalCopyStatus.DELETION_IN_PROGRESS,
    PhysicalCopyStatus.BAD,
  ],
  // What was deleted may be copied to the same place again.
  deleted: [PhysicalCopyStatus.PRESENT],
  // Repaired or copied again, or not needed any more.
  bad: [PhysicalCopyStatus.PRESENT, PhysicalCopyStatus.DELETION_SCHEDULED],
};

const execution: Transitions<ExecutedObsUnitStatus> = {
  running: [ExecutedObsUnitStatus.COMPLETED, ExecutedObsUnitStatus.ABORTED, ExecutedObsUnitStatus.FAILED],
  completed: [],
  aborted: [],
  failed: [],
};

const obsUnit: Transitions<ObsUnitState> = {
  draft: [ObsUnitState.ACTIVE, ObsUnitState.RETIRED],
  active: [ObsUnitState.ON_HOLD, ObsUnitState.COMPLETED, ObsUnitState.RETIRED],
  on_hold: [ObsUnitState.ACTIVE, ObsUnitState.RETIRED],
  completed: [ObsUnitState.ACTIVE, ObsUnitState.RETIRED],
  retired: [ObsUnitState.ACTIVE],
};

/** A property of an entity that changes only by legal steps. */
export interface Lifecycle {
  /** The entity that has the property; members of a family have it, too. */
  readonly entity: abstract new () => object;
  /** The property that holds the status. */
  readonly property: string;
  /** The legal steps. */
  readonly transitions: Transitions;
}

/**
 * Every status of the model and its legal steps. Members of a family have those of the family.
 *
 * @example
 * import { lifecycles, PhysicalCopy } from 'ccat-ops-db';
 *
 * const ofCopies = lifecycles.find(({ entity }) => entity === PhysicalCopy);
 * console.log(ofCopies?.property, ofCopies?.transitions.staged); // status [ 'deletion_scheduled' ]
 */
export const lifecycles: readonly Lifecycle[] = [
  { entity: ObsUnit, property: 'state', transitions: obsUnit },
  { entity: ExecutedObsUnit, property: 'status', transitions: execution },
  { entity: RawDataPackage, property: 'status', transitions: work },
  { entity: RawDataPackage, property: 'state', transitions: packageState },
  { entity: DataTransferPackage, property: 'status', transitions: work },
  { entity: DataTransfer, property: 'status', transitions: work },
  { entity: DataTransferUnpacking, property: 'status', transitions: work },
  { entity: LongTermArchiveTransfer, property: 'status', transitions: work },
  { entity: StagingJob, property: 'status', transitions: work },
  { entity: CopyVerification, property: 'status', transitions: work },
  { entity: CopyRepair, property: 'status', transitions: work },
  { entity: ExecutedReductionStep, property: 'status', transitions: run },
  { entity: PhysicalCopy, property: 'status', transitions: copy },
];

/**
 * The legal steps of a property.
 * @param entity the entity, or a member of its family
 * @param property by default `status`
 * @throws TypeError when the entity has no such life cycle
 *
 * @example
 * import { lifecycleOf, RawDataPackage } from 'ccat-ops-db';
 *
 * console.log(lifecycleOf(RawDataPackage, 'state').transitions.transferring); // [ 'archived', 'waiting', 'failed' ]
 */
export function lifecycleOf(entity: abstract new () => object, property = 'status'): Lifecycle {
  const found = lifecycles.find(
    (lifecycle) =>
      lifecycle.property === property &&
      (lifecycle.entity === entity || entity.prototype instanceof lifecycle.entity),
  );
  if (found) return found;
  throw new TypeError(`${entity.name}.${property} has no life cycle`);
}
