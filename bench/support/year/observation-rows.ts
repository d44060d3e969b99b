import {
  ExecutedObsUnit,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackageMetadata,
  RawDataPackagePhysicalCopy,
  StatusHistory,
} from '../../../src/entities/index.js';
import type { Context } from './context.js';
import { pick, type Rows } from './rows.js';
import { workValues } from './work.js';
import { BUNDLE, MODULES, PACKAGES_TO_FILES } from './year.js';

const DAY_S = 86_400;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Newest packages that are not built yet, and how many of these wait for a worker. */
const UNBUILT = 30;
const PENDING = 20;
/** Oldest packages that are not cleaned up: copies being deleted, files whose tar at the source is gone. */
const BEING_DELETED = 30;
const SOURCE_TAR_GONE = 80;
/** Statements in the history of a package. */
const STEPS = 5;

/** Executions, files and packages. @param obsUnits keys of obs units, from 1 on */
export function observationRows(context: Context, obsUnits: number): Rows[] {
  return [executions(context, obsUnits), packages(context), packageMetadata(context), files(context)];
}

/** Copies of files and packages. */
export function copyRows(context: Context): Rows[] {
  return [fileCopies(context), packageCopies(context)];
}

function executions({ year, dialect, id, at }: Context, obsUnits: number): Rows {
  const isRunning = `n = ${year.executions - 1}`;
  return {
    into: ExecutedObsUnit,
    count: year.executions,
    values: {
      id: id('execution', 'n'),
      // A step of the golden ratio distributes the units evenly over every span of time.
      obsUnitId: `1 + n * ${Math.round(obsUnits * GOLDEN)} % ${obsUnits}`,
      status: `CASE WHEN ${isRunning} THEN 'running' ELSE 'completed' END`,
      startTime: at('n', 0),
      endTime: `CASE WHEN ${isRunning} THEN NULL ELSE ${at('n', 1_000)} END`,
      observingNight: dialect.night(`(n - ${year.executions}) * 1080`),
      pwvMm: '0.3 + n % 10 * 0.1',
      conditions: `'{"tau_225ghz": 0.04}'`,
      instrumentConfiguration: `'{"tuning": "CO43", "attenuation_db": 6}'`,
      createdAt: at('n', 1),
      updatedAt: at('n', 1_001),
    },
  };
}

function packages(context: Context): Rows {
  const { year, dialect, id, at, modules } = context;
  const execution = `n / ${MODULES}`;
  const age = `(${year.packages - 1} - n)`;
  const status = pick(
    [
      [`${age} < ${PENDING}`, `'pending'`],
      [`${age} < ${PENDING + 4}`, `'in_progress'`],
      [`${age} < ${PENDING + 6}`, `'scheduled'`],
      [`${age} < ${UNBUILT}`, `'failed'`],
    ],
    `'completed'`,
  );
  const built = (value: string) => `CASE WHEN ${age} >= ${UNBUILT} THEN ${value} END`;
  return {
    into: RawDataPackage,
    count: year.packages,
    values: {
      id: id('rawDataPackage', 'n'),
      executedObsUnitId: id('execution', execution),
      instrumentModuleId: moduleOf(modules, `n % ${MODULES}`),
      sourceLocationId: sourceOf(context, `n % ${MODULES}`),
      state: pick(
        [
          [`n < ${year.archivedPackages}`, `'archived'`],
          [`n < ${year.bundledPackages}`, `'transferring'`],
        ],
        `'waiting'`,
      ),
      dataTransferPackageId: `CASE WHEN n < ${year.bundledPackages} THEN ${id('bundle', `n / ${BUNDLE}`)} END`,
      relativePath: built(`'2026/' || ${dialect.hex('n', 8)} || '.tar'`),
      // As {@link PACKAGES_TO_FILES} divides them.
      fileCount: '63 - n % 2',
      sizeBytes: built('14000000000 + n'),
      checksum: built(dialect.hex('n', 64)),
      checksumAlgorithm: built(`'sha256'`),
      archivedAt: `CASE WHEN n < ${year.archivedPackages} THEN ${at(execution, DAY_S)} END`,
      ...workValues(context, status, execution, 2_000),
    },
  };
}

function packageMetadata({ year, id, at }: Context): Rows {
  const frequency = pick(
    [
      [`n % ${MODULES} = 0`, `'461.04'`],
      [`n % ${MODULES} = 1`, `'806.65'`],
    ],
    `'280'`,
  );
  return {
    into: RawDataPackageMetadata,
    count: year.packages,
    values: {
      rawDataPackageId: id('rawDataPackage', 'n'),
      metadata: `'{"observation": {"frequency_ghz": ' || ${frequency} || ', "mode": "otf"}, "quality": {"tsys_k": ' || (n % 400 + 100) || '}}'`,
      createdAt: at(`n / ${MODULES}`, 1_700),
      updatedAt: at(`n / ${MODULES}`, 1_700),
    },
  };
}

function files(context: Context): Rows {
  const { year, dialect, id, at, modules } = context;
  const rawDataPackage = `n * ${PACKAGES_TO_FILES}`;
  const execution = `n * ${PACKAGES_TO_FILES} / ${MODULES}`;
  const stream = `n * ${PACKAGES_TO_FILES} % ${MODULES}`;
  return {
    into: RawDataFile,
    count: year.files,
    values: {
      id: id('rawDataFile', 'n'),
      executedObsUnitId: id('execution', execution),
      instrumentModuleId: moduleOf(modules, stream),
      sourceLocationId: sourceOf(context, stream),
      rawDataPackageId: `CASE WHEN ${rawDataPackage} < ${year.packages} THEN ${id('rawDataPackage', rawDataPackage)} END`,
      relativePath: `'2026/stream_' || ${dialect.hex(stream, 2)} || '/' || ${dialect.hex('n', 8)} || '.fits'`,
      fileType: `'fits'`,
      sizeBytes: '220000000 + n % 1000',
      checksum: dialect.hex('n', 64),
      checksumAlgorithm: `'sha256'`,
      recordedAt: at(execution, 900),
      createdAt: at(execution, 910),
      updatedAt: at(execution, 910),
    },
  };
}

function fileCopies({ year, id, at, ...context }: Context): Rows {
  const file = 'n / 2';
  const rawDataPackage = `n / 2 * ${PACKAGES_TO_FILES}`;
  const execution = `n / 2 * ${PACKAGES_TO_FILES} / ${MODULES}`;
  const isAtSource = 'n % 2 = 0';
  const tarGone = year.cleanedPackages + SOURCE_TAR_GONE;
  const status = pick(
    [
      [`${isAtSource} AND ${rawDataPackage} < ${year.cleanedPackages}`, `'deleted'`],
      [`${isAtSource} AND ${rawDataPackage} < ${tarGone} AND n / 2 % 2 = 0`, `'deletion_possible'`],
      [`${isAtSource}`, `'present'`],
      [`${execution} < ${year.unstagedExecutions}`, `'deleted'`],
    ],
    `'present'`,
  );
  const deletedAt = pick([[isAtSource, at(execution, 2 * DAY_S)]], at(execution, 3 * DAY_S));
  return {
    into: RawDataFilePhysicalCopy,
    count: 2 * year.files,
    where: `${isAtSource} OR ${execution} < ${year.stagedExecutions}`,
    values: {
      id: id('fileCopy', 'n'),
      rawDataFileId: id('rawDataFile', file),
      dataLocationId: pick(
        [[isAtSource, sourceOf(context, `n / 2 * ${PACKAGES_TO_FILES} % ${MODULES}`)]],
        `${context.locations.processing}`,
      ),
      status,
      deletedAt: `CASE WHEN ${status} = 'deleted' THEN ${deletedAt} END`,
      createdAt: at(execution, 920),
      updatedAt: `CASE WHEN ${status} = 'deleted' THEN ${deletedAt} ELSE ${at(execution, 920)} END`,
    },
  };
}

function packageCopies({ year, dialect, id, at, ...context }: Context): Rows {
  const rawDataPackage = 'n / 5';
  const execution = `n / 5 / ${MODULES}`;
  const { telescopeBuffer, archiveBuffer, archive, processing } = context.locations;
  const builtPackages = year.packages - UNBUILT;
  const unpackedPackages = year.archivedPackages + 7 * BUNDLE;
  // Locations of the copies of packages, and how many packages have had a copy there.
  const places: readonly (readonly [location: string, packages: number])[] = [
    [sourceOf(context, `n / 5 % ${MODULES}`), builtPackages],
    [`${telescopeBuffer}`, builtPackages],
    [`${archiveBuffer}`, unpackedPackages],
    [`${archive}`, year.archivedPackages],
    [`${processing}`, year.stagedExecutions * MODULES],
  ];
  const status = pick(
    [
      ['n % 5 = 3', `'present'`],
      [`n % 5 = 4 AND ${execution} < ${year.unstagedExecutions}`, `'deleted'`],
      ['n % 5 = 4', `'staged'`],
      [`${rawDataPackage} < ${year.cleanedPackages}`, `'deleted'`],
      [`n % 5 = 0 AND ${rawDataPackage} < ${year.cleanedPackages + SOURCE_TAR_GONE}`, `'deleted'`],
      [`${rawDataPackage} >= ${year.cleanedPackages + BEING_DELETED}`, `'present'`],
      ['n % 3 = 0', `'deletion_scheduled'`],
      ['n % 3 = 1', `'deletion_in_progress'`],
    ],
    `'deletion_failed'`,
  );
  const verified = (value: string) => `CASE WHEN n % 5 = 3 THEN ${value} END`;
  return {
    into: RawDataPackagePhysicalCopy,
    count: 5 * year.packages,
    where: pick(
      places.map(([, count], place) => [`n % 5 = ${place}`, `${rawDataPackage} < ${count}`]),
      '1 = 0',
    ),
    values: {
      id: id('packageCopy', 'n'),
      rawDataPackageId: id('rawDataPackage', rawDataPackage),
      dataLocationId: pick(
        places.map(([location], place) => [`n % 5 = ${place}`, location]),
        'NULL',
      ),
      status,
      checksum: verified(dialect.hex(rawDataPackage, 64)),
      checksumAlgorithm: verified(`'sha256'`),
      verifiedAt: verified(at(execution, DAY_S)),
      deletedAt: `CASE WHEN ${status} = 'deleted' THEN ${at(execution, 3 * DAY_S)} END`,
      createdAt: at(execution, 2_000),
      updatedAt: `CASE WHEN ${status} = 'deleted' THEN ${at(execution, 3 * DAY_S)} ELSE ${at(execution, 2_000)} END`,
    },
  };
}

/** The steps that each package has taken. */
export function historyRows({ year, id, at }: Context): Rows {
  const step = (values: readonly string[]) =>
    pick(
      values.slice(1).map((value, index) => [`n % ${STEPS} = ${index + 1}`, `'${value}'`]),
      `'${values[0]}'`,
    );
  return {
    into: StatusHistory,
    count: STEPS * year.archivedPackages,
    values: {
      entity: `'${RawDataPackage.name}'`,
      rowId: `CAST(${id('rawDataPackage', `n / ${STEPS}`)} AS text)`,
      field: step(['status', 'status', 'status', 'state', 'state']),
      fromStatus: step(['pending', 'scheduled', 'in_progress', 'waiting', 'transferring']),
      toStatus: step(['scheduled', 'in_progress', 'completed', 'transferring', 'archived']),
      changedAt: at(`n / ${STEPS * MODULES}`, 2_000),
      changedBy: `'worker'`,
    },
  };
}

function moduleOf(modules: readonly number[], index: string): string {
  return pick(
    modules.slice(1).map((module, position) => [`${index} = ${position + 1}`, `${module}`]),
    `${modules[0]}`,
  );
}

function sourceOf({ locations }: Pick<Context, 'locations'>, index: string): string {
  return pick([[`${index} = ${MODULES - 1}`, `${locations.primeCamSource}`]], `${locations.chaiSource}`);
}
