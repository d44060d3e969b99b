/*
 * A report of a night: what was executed, with how much data, and how far the packages have come.
 *
 *   node dist/examples/night-report.js 2026-11-23
 */
import {
  ExecutedObsUnit,
  initCcatOpsDb,
  ObsUnit,
  observingNight,
  RawDataFile,
  RawDataPackage,
} from 'ccat-ops-db';
import type { DataSource } from 'typeorm';

/** One line for each execution, one for each state of packages. */
export async function nightReport({ manager }: DataSource, night: string): Promise<string[]> {
  const executions = await manager
    .createQueryBuilder(ExecutedObsUnit, 'execution')
    .innerJoin(ObsUnit, 'unit', 'unit.id = execution.obsUnitId')
    .leftJoin(RawDataFile, 'file', 'file.executedObsUnitId = execution.id')
    .select('execution.startTime', 'start')
    .addSelect('unit.name', 'unit')
    .addSelect('execution.status', 'status')
    .addSelect('count(file.id)', 'files')
    .addSelect('coalesce(sum(file.sizeBytes), 0)', 'bytes')
    .where({ observingNight: night })
    .groupBy('execution.id')
    .addGroupBy('unit.name')
    .orderBy('execution.startTime')
    .getRawMany();
  const packages = await manager
    .createQueryBuilder(RawDataPackage, 'package')
    .innerJoin('package.executedObsUnit', 'execution')
    .select('package.state', 'state')
    .addSelect('count(*)', 'count')
    .where('execution.observingNight = :night', { night })
    .groupBy('package.state')
    .orderBy('package.state')
    .getRawMany();
  const time = (start: Date | string) => new Date(start).toISOString().slice(11, 16);
  return [
    `Night of ${night}`,
    ...executions.map(
      ({ start, unit, status, files, bytes }) =>
        `${time(start)} ${unit} ${status}: ${files} files, ${(bytes / 1e9).toFixed(3)} GB`,
    ),
    ...packages.map(({ state, count }) => `${count} packages ${state}`),
  ];
}

async function main(night: string): Promise<void> {
  const { dataSource } = await initCcatOpsDb();
  console.log((await nightReport(dataSource, night)).join('\n'));
  await dataSource.destroy();
}

if (require.main === module) void main(process.argv[2] ?? observingNight(new Date()));
