import { Between, type EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { ExecutedObsUnit, type PackageState } from '../../entities/index.js';
import { type RunWarnings, readRunWarnings } from './run-warnings.js';

/** The first and the last of some nights. */
export type Nights = readonly [first: string, last: string];

/** An execution with the names and totals that a report shows. */
export interface NightExecution {
  /** UUID of the execution. */
  readonly id: string;
  /** Such as `2026-11-23`. */
  readonly observingNight: string;
  /** When it began, UTC. */
  readonly startTime: Date;
  /** When it ended, UTC; null while it runs. */
  readonly endTime: Date | null;
  /** Such as `completed`. */
  readonly status: string;
  /** Name of the obs unit. */
  readonly obsUnit: string;
  /** Name of the source. */
  readonly source: string;
  /** Short name of the observing program. */
  readonly program: string;
  /** Name of the instrument. */
  readonly instrument: string;
  /** Precipitable water vapour [mm]; null where it was not measured. */
  readonly pwvMm: number | null;
  /** Set-up of the instrument, such as the observed position. */
  readonly instrumentConfiguration: Readonly<Record<string, unknown>>;
  /** How many files it has. */
  readonly files: number;
  /** Bytes of the files. */
  readonly bytes: number;
}

/** How much of the data has passed a stage. */
export interface StageProgress {
  /** Such as `packages built`. */
  readonly name: string;
  /** How much has passed the stage. */
  readonly done: number;
  /** How much there is; of reduction, how much runs have asked for. */
  readonly all: number;
}

/** The observations of some nights, and the stages that their data have passed. */
export interface NightReport {
  /** Such as `2026-11-23`. */
  readonly firstNight: string;
  /** Such as `2026-11-23`. */
  readonly lastNight: string;
  /** In the order of their starts. */
  readonly executions: readonly NightExecution[];
  /** In the order in which the data go. */
  readonly stages: readonly StageProgress[];
  /** How many packages are in each state. */
  readonly packages: Readonly<Record<PackageState, number>>;
  /** Reduction runs that completed with warnings, by step. */
  readonly warnings: readonly RunWarnings[];
}

/** Counts of the files of the nights: each is the number of those that have passed a stage. */
const FILE_STAGES = `
  SELECT count(*) AS "all",
    sum(CASE WHEN f.raw_data_package_id IS NOT NULL THEN 1 ELSE 0 END) AS "files packaged",
    sum(CASE WHEN born.status = 'deleted' THEN 1 ELSE 0 END) AS "files deleted at source"
  FROM raw_data_file f JOIN executed_obs_unit e ON e.id = f.executed_obs_unit_id
  LEFT JOIN physical_copy born
    ON born.raw_data_file_id = f.id AND born.data_location_id = f.source_location_id`;
const PACKAGE_STAGES = `
  SELECT count(*) AS "all",
    sum(CASE WHEN p.status = 'completed' THEN 1 ELSE 0 END) AS "packages built",
    sum(CASE WHEN p.data_transfer_package_id IS NOT NULL THEN 1 ELSE 0 END) AS "packages bundled",
    sum(CASE WHEN EXISTS (SELECT 1 FROM data_transfer t
      WHERE t.data_transfer_package_id = p.data_transfer_package_id AND t.status = 'completed')
      THEN 1 ELSE 0 END) AS "packages transferred",
    sum(CASE WHEN EXISTS (SELECT 1 FROM data_transfer t
      JOIN data_transfer_unpacking u ON u.data_transfer_id = t.id
      WHERE t.data_transfer_package_id = p.data_transfer_package_id AND t.status = 'completed' AND u.status = 'completed')
      THEN 1 ELSE 0 END) AS "packages unpacked",
    sum(CASE WHEN p.state = 'archived' THEN 1 ELSE 0 END) AS "packages archived"
  FROM raw_data_package p JOIN executed_obs_unit e ON e.id = p.executed_obs_unit_id`;
/** Not every package is asked for by a pipeline. */
const RUN_STAGES = `
  SELECT count(DISTINCT m.raw_data_package_id) AS "all",
    count(DISTINCT CASE WHEN r.status = 'completed' THEN m.raw_data_package_id END) AS "packages reduced"
  FROM executed_reduction_step r JOIN input_set_member m ON m.input_set_id = r.input_set_id
  JOIN raw_data_package p ON p.id = m.raw_data_package_id
  JOIN executed_obs_unit e ON e.id = p.executed_obs_unit_id`;
const PACKAGE_STATES = `
  SELECT CAST(p.state AS text) AS state, count(*) AS packages
  FROM raw_data_package p JOIN executed_obs_unit e ON e.id = p.executed_obs_unit_id`;

/** The stages in the order of the data. */
const ORDER = [
  'files packaged',
  'packages built',
  'packages bundled',
  'packages transferred',
  'packages unpacked',
  'packages archived',
  'packages reduced',
  'files deleted at source',
];

/**
 * The observations from one night to another, and the stages that their data have passed.
 * @param firstNight such as `2026-11-23`
 * @param lastNight by default the first
 *
 * @example
 * import { readNight } from 'ccat-ops-db/report';
 *
 * const { executions, packages } = await readNight(session, '2026-11-30');
 * console.log(executions.map(({ source }) => source)); // [ '3C273', '2155-304', 'RScl', 'Saturn' ]
 * console.log(packages); // { waiting: 0, transferring: 0, archived: 5, failed: 0 }
 */
export async function readNight(
  manager: EntityManager,
  firstNight: string,
  lastNight = firstNight,
): Promise<NightReport> {
  return {
    firstNight,
    lastNight,
    executions: await readExecutions(manager, [firstNight, lastNight]),
    stages: await readStages(manager, [firstNight, lastNight]),
    packages: await readPackageStates(manager, [firstNight, lastNight]),
    warnings: await readRunWarnings(manager, [firstNight, lastNight]),
  };
}

async function readExecutions(manager: EntityManager, nights: Nights): Promise<NightExecution[]> {
  const executions = await manager.find(ExecutedObsUnit, {
    where: { observingNight: Between(...nights) },
    relations: {
      obsUnit: {
        source: true,
        observingProgram: true,
        instrumentModuleConfigurations: { instrumentModule: { instrument: true } },
      },
    },
    order: { startTime: 'ASC', id: 'ASC' },
  });
  const sizes = await ofNights<{ id: string; files: number; bytes: number }>(
    manager,
    nights,
    `SELECT e.id, count(f.id) AS files, coalesce(sum(f.size_bytes), 0) AS bytes
      FROM executed_obs_unit e LEFT JOIN raw_data_file f ON f.executed_obs_unit_id = e.id`,
    'GROUP BY e.id',
  );
  const sizeOf = new Map(sizes.map((size) => [size.id, size]));
  return executions.map(({ id, obsUnit, ...execution }) => ({
    id,
    observingNight: execution.observingNight,
    status: execution.status,
    startTime: execution.startTime,
    endTime: execution.endTime,
    pwvMm: execution.pwvMm,
    instrumentConfiguration: execution.instrumentConfiguration,
    obsUnit: obsUnit?.name ?? '',
    source: obsUnit?.source?.name ?? '',
    program: obsUnit?.observingProgram?.shortName ?? '',
    instrument: obsUnit?.instrumentModuleConfigurations?.[0]?.instrumentModule?.instrument?.name ?? '',
    files: Number(sizeOf.get(id)?.files ?? 0),
    bytes: Number(sizeOf.get(id)?.bytes ?? 0),
  }));
}

/**
 * The stages that the data of some nights have passed, in the order of the data.
 *
 * @example
 * import { readStages } from 'ccat-ops-db/report';
 *
 * const stages = await readStages(session, ['2026-11-30', '2026-12-06']);
 * console.log(stages[0]); // { name: 'files packaged', done: 22, all: 22 }
 * console.log(stages.every(({ done, all }) => done === all)); // true
 */
export async function readStages(manager: EntityManager, nights: Nights): Promise<StageProgress[]> {
  const stages: StageProgress[] = [];
  for (const query of [FILE_STAGES, PACKAGE_STAGES, RUN_STAGES]) {
    const [row] = await ofNights<Record<string, number | string | null>>(manager, nights, query);
    const { all, ...counts } = row ?? {};
    for (const [name, done] of Object.entries(counts))
      stages.push({ name, done: Number(done ?? 0), all: Number(all) });
  }
  return stages.sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
}

async function readPackageStates(
  manager: EntityManager,
  nights: Nights,
): Promise<Record<PackageState, number>> {
  const counts = { waiting: 0, transferring: 0, archived: 0, failed: 0 };
  const rows = await ofNights<{ state: PackageState; packages: number | string }>(
    manager,
    nights,
    PACKAGE_STATES,
    'GROUP BY 1',
  );
  for (const { state, packages } of rows) counts[state] = Number(packages);
  return counts;
}

/** Runs a query, in which `e` is the execution, for some nights. */
function ofNights<T>(manager: EntityManager, nights: Nights, query: string, rest = ''): Promise<T[]> {
  const { parameter } = dialectOf(manager);
  return manager.query(
    `${query} WHERE e.observing_night BETWEEN ${parameter(1)} AND ${parameter(2)} ${rest}`,
    [...nights],
  );
}
