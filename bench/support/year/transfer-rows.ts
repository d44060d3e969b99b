import {
  DataTransfer,
  DataTransferLog,
  DataTransferPackage,
  DataTransferPackagePhysicalCopy,
  DataTransferUnpacking,
  LongTermArchiveTransfer,
  StagingJob,
} from '../../../src/entities/index.js';
import type { Context } from './context.js';
import { pick, type Rows } from './rows.js';
import { workValues } from './work.js';
import { BUNDLE, MODULES } from './year.js';

const DAY_S = 86_400;

/**
 * The status of a bundle by its age, counted in bundles from the newest: a status applies from the previous age up to
 * its own. Older bundles are completed.
 */
type Ages = readonly (readonly [age: number, status: string])[];

const BUILDING: Ages = [
  [1, 'pending'],
  [2, 'in_progress'],
  [3, 'failed'],
];
const MOVING: Ages = [
  [5, 'pending'],
  [6, 'in_progress'],
  [7, 'failed'],
];
const UNPACKING: Ages = [
  [10, 'pending'],
  [11, 'in_progress'],
];
const ARCHIVING: Ages = [
  [15, 'pending'],
  [16, 'in_progress'],
  [17, 'scheduled'],
  [18, 'failed'],
];
/** Once more to a second archive, after the first. */
const MOVING_AGAIN: Ages = [
  [22, 'pending'],
  [24, 'in_progress'],
];
const UNPACKING_AGAIN: Ages = [[25, 'pending']];
/** Bundles whose copies are still there. */
const KEPT_BUNDLES = 32;
/** First age at which there is a row. */
const MOVED_FROM = 3;
const UNPACKED_FROM = 7;
const ARCHIVED_FROM = 13;
const MOVED_AGAIN_FROM = 20;
const UNPACKED_AGAIN_FROM = 24;

/** By age of the executions, newest first, as for bundles. */
const STAGING: Ages = [
  [10, 'pending'],
  [11, 'in_progress'],
  [12, 'scheduled'],
  [13, 'failed'],
];

/** Bundles, which packages refer to. */
export function bundleRows(context: Context): Rows {
  const { year, dialect, id, locations } = context;
  const age = `(${year.bundles - 1} - n)`;
  const built = (value: string) => `CASE WHEN ${age} >= ${MOVED_FROM} THEN ${value} END`;
  return {
    into: DataTransferPackage,
    count: year.bundles,
    values: {
      id: id('bundle', 'n'),
      originLocationId: `${locations.telescopeBuffer}`,
      relativePath: built(`${dialect.hex('n', 8)} || '.tar'`),
      packageCount: `${BUNDLE}`,
      sizeBytes: built('476000000000 + n'),
      checksum: built(dialect.hex('n', 64)),
      checksumAlgorithm: built(`'sha256'`),
      ...workValues(context, statusAt(BUILDING, age), executionOf('n'), 6_000),
    },
  };
}

/** Transfers, unpackings, archiving and staging of packages that are there. */
export function transferRows(context: Context): Rows[] {
  return [
    bundleCopies(context),
    transfers(context),
    unpackings(context),
    logs(context),
    archivings(context),
    stagingJobs(context),
    stagingLinks(context),
  ];
}

function bundleCopies({ year, id, at, locations }: Context): Rows {
  const bundle = 'n / 2';
  const age = `(${year.bundles - 1} - n / 2)`;
  const status = `CASE WHEN ${age} < ${KEPT_BUNDLES} THEN 'present' ELSE 'deleted' END`;
  const execution = executionOf(bundle);
  return {
    into: DataTransferPackagePhysicalCopy,
    count: 2 * year.bundles,
    where: `${age} >= CASE WHEN n % 2 = 0 THEN ${MOVED_FROM} ELSE ${UNPACKED_FROM} END`,
    values: {
      id: id('bundleCopy', 'n'),
      dataTransferPackageId: id('bundle', bundle),
      dataLocationId: `CASE WHEN n % 2 = 0 THEN ${locations.telescopeBuffer} ELSE ${locations.archiveBuffer} END`,
      status,
      deletedAt: `CASE WHEN ${status} = 'deleted' THEN ${at(execution, 3 * DAY_S)} END`,
      createdAt: at(execution, 6_500),
      updatedAt: at(execution, 6_500),
    },
  };
}

/** Two for each bundle: to the archive's buffer, and from there to a second archive. */
function transfers(context: Context): Rows {
  const { year, id, locations } = context;
  const bundle = 'n / 2';
  const age = `(${year.bundles - 1} - n / 2)`;
  const status = pick([['n % 2 = 0', statusAt(MOVING, age)]], statusAt(MOVING_AGAIN, age));
  return {
    into: DataTransfer,
    count: 2 * year.bundles,
    where: `${age} >= CASE WHEN n % 2 = 0 THEN ${MOVED_FROM} ELSE ${MOVED_AGAIN_FROM} END`,
    values: {
      id: id('transfer', 'n'),
      dataTransferPackageId: id('bundle', bundle),
      originLocationId: `CASE WHEN n % 2 = 0 THEN ${locations.telescopeBuffer} ELSE ${locations.archiveBuffer} END`,
      destinationLocationId: `CASE WHEN n % 2 = 0 THEN ${locations.archiveBuffer} ELSE ${locations.secondBuffer} END`,
      transferredBytes: '476000000000',
      ...workValues(context, status, executionOf(bundle), 12_000),
    },
  };
}

function unpackings(context: Context): Rows {
  const { year, id, locations } = context;
  const age = `(${year.bundles - 1} - n / 2)`;
  const status = pick([['n % 2 = 0', statusAt(UNPACKING, age)]], statusAt(UNPACKING_AGAIN, age));
  return {
    into: DataTransferUnpacking,
    count: 2 * year.bundles,
    where: `${age} >= CASE WHEN n % 2 = 0 THEN ${UNPACKED_FROM} ELSE ${UNPACKED_AGAIN_FROM} END`,
    values: {
      id: id('unpacking', 'n'),
      dataTransferId: id('transfer', 'n'),
      destinationLocationId: `CASE WHEN n % 2 = 0 THEN ${locations.archiveBuffer} ELSE ${locations.secondBuffer} END`,
      ...workValues(context, status, executionOf('n / 2'), 15_000),
    },
  };
}

function logs({ year, id, at, dialect }: Context): Rows {
  const transfer = 'n / 3';
  const age = `(${year.bundles - 1} - n / 6)`;
  return {
    into: DataTransferLog,
    count: 6 * year.bundles,
    where: `${age} >= ${MOVED_AGAIN_FROM}`,
    values: {
      id: id('log', 'n'),
      dataTransferId: id('transfer', transfer),
      logPath: `'/logs/' || ${dialect.hex('n', 8)} || '.log'`,
      createdAt: at(executionOf('n / 6'), 12_000),
      updatedAt: at(executionOf('n / 6'), 12_000),
    },
  };
}

function archivings(context: Context): Rows {
  const { year, id, locations } = context;
  const age = `(${year.bundles - 1} - n / ${BUNDLE})`;
  return {
    into: LongTermArchiveTransfer,
    count: year.bundledPackages,
    where: `${age} >= ${ARCHIVED_FROM}`,
    values: {
      id: id('archiving', 'n'),
      rawDataPackageId: id('rawDataPackage', 'n'),
      originLocationId: `${locations.archiveBuffer}`,
      destinationLocationId: `${locations.archive}`,
      ...workValues(context, statusAt(ARCHIVING, age), `n / ${MODULES}`, 18_000),
    },
  };
}

/** Two for each execution, one for each pipeline. */
function stagingJobs(context: Context): Rows {
  const { year, id, at, locations } = context;
  const age = `(${year.requestedExecutions - 1} - n / 2)`;
  const isReleased = `n / 2 < ${year.releasedExecutions}`;
  return {
    into: StagingJob,
    count: 2 * year.requestedExecutions,
    values: {
      id: id('stagingJob', 'n'),
      destinationLocationId: `${locations.processing}`,
      active: `NOT (${isReleased})`,
      releasedAt: `CASE WHEN ${isReleased} THEN ${at('n / 2', 2 * DAY_S)} END`,
      ...workValues(context, statusAt(STAGING, age), 'n / 2', 20_000),
    },
  };
}

function stagingLinks({ year, id }: Context): Rows {
  return {
    into: 'staging_job_raw_data_package',
    count: 2 * MODULES * year.requestedExecutions,
    values: {
      staging_job_id: id('stagingJob', `n / ${MODULES}`),
      raw_data_package_id: id('rawDataPackage', `n / ${2 * MODULES} * ${MODULES} + n % ${MODULES}`),
    },
  };
}

/** The last execution that a bundle holds data of. */
function executionOf(bundle: string): string {
  return `((${bundle}) * ${BUNDLE} + ${BUNDLE - 1}) / ${MODULES}`;
}

function statusAt(ages: Ages, age: string): string {
  return pick(
    ages.map(([limit, status]) => [`${age} < ${limit}`, `'${status}'`]),
    `'completed'`,
  );
}
