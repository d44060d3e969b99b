import type { DataSource } from 'typeorm';
import { ExecutedObsUnit, RawDataFile } from '../../../src/entities/index.js';
import { readSeedData, writeSeedData } from '../../../src/seed/index.js';
import { seedPlan } from '../../../src/seed/plan.js';
import type { RowCounts } from '../plans/access.js';
import { bareTables } from './bare-tables.js';
import { addObsUnits, addPipelines, addUsers } from './base-rows.js';
import { contextOf } from './context.js';
import { uuidOf } from './kinds.js';
import { copyRows, historyRows, observationRows } from './observation-rows.js';
import { reductionRows } from './reduction-rows.js';
import { insertOf, type Rows } from './rows.js';
import { bundleRows, transferRows } from './transfer-rows.js';
import { EXECUTIONS, FEWEST_NIGHTS, NIGHTS_A_YEAR, type Year, yearOf } from './year.js';

/** A year with that many times the rows, in whole nights. */
export function yearOfScale(scale: number): Year {
  return yearOf(Math.max(FEWEST_NIGHTS, Math.round(NIGHTS_A_YEAR * scale)));
}

/** How many rows the tables have after a year, from how many they have now. */
export function countsInYear(dataSource: DataSource, counts: RowCounts, { nights }: Year): RowCounts {
  const planned = new Set(seedPlan.map(({ entity }) => dataSource.getMetadata(entity).tableName));
  const factor = (table: string) => (planned.has(table) ? 1 : NIGHTS_A_YEAR / nights);
  return new Map([...counts].map(([table, count]) => [table, count * factor(table)]));
}

/**
 * The year that a database was filled with before.
 * @returns undefined for a database without observations
 * @throws Error for a database with observations that are not from {@link fillYear}
 */
export async function yearIn({ manager }: DataSource): Promise<Year | undefined> {
  const executions = await manager.count(ExecutedObsUnit);
  if (executions === 0) return undefined;
  if (!(await manager.existsBy(RawDataFile, { id: uuidOf('rawDataFile', 0) })))
    throw new Error('The database holds observations of its own: name an empty one');
  return yearOf(executions / EXECUTIONS);
}

/**
 * Fills a database with the starting state and a year of observations, each table with one statement, in one
 * transaction, and runs ANALYZE, as autovacuum would in the course of a year.
 * @param onProgress called after each step with its name and its duration [s]
 */
export async function fillYear(
  dataSource: DataSource,
  year: Year,
  onProgress: (what: string, seconds: number) => void = () => {},
): Promise<void> {
  const isPostgresql = dataSource.options.type === 'postgres';
  const step = async (what: string, work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    onProgress(what, (performance.now() - started) / 1000);
  };
  await writeSeedData(dataSource.manager, readSeedData(dataSource));
  const obsUnits = await addObsUnits(dataSource);
  await addUsers(dataSource.manager);
  const context = await contextOf(dataSource, year, new Date());
  const steps = await addPipelines(dataSource.manager, context.locations.processing);
  const [executions, ...packaged] = observationRows(context, obsUnits);
  const rows = [
    executions as Rows,
    bundleRows(context),
    ...packaged,
    ...copyRows(context),
    ...transferRows(context),
    ...reductionRows(context, steps),
    historyRows(context),
  ];
  const inserts: [name: string, sql: string][] = [];
  for (const some of rows)
    inserts.push([dataSource.getMetadata(some.into).name, await insertOf(dataSource, context.dialect, some)]);
  await dataSource.transaction(async (manager) => {
    const restore = isPostgresql ? await bareTables(manager) : undefined;
    for (const [name, sql] of inserts) await step(name, () => manager.query(sql));
    if (restore) await step('indexes and foreign keys', restore);
  });
  await step('statistics', () => dataSource.query(isPostgresql ? 'VACUUM (ANALYZE)' : 'ANALYZE'));
}

/** Writes steps of {@link fillYear} that took a second or more to the error stream. */
export function printProgress(what: string, seconds: number): void {
  if (seconds >= 1) console.error(`filled ${what} in ${seconds.toFixed(1)} s`);
}
