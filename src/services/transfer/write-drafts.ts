import { type EntityManager, In, type QueryRunner } from 'typeorm';
import { dialectOf, onDialect } from '../../database/dialect.js';
import {
  ExecutedObsUnit,
  InstrumentModule,
  RawDataFile,
  RawDataPackage,
  RawDataPackageMetadata,
} from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { canonicalRows, type StrictDoor } from '../../values/canonical.js';
import { areTaken, type NewRow } from '../filing/file-rows.js';
import { refusalOf } from '../filing/refusal.js';
import type { Draft } from './package-drafts.js';

const PACKAGE: StrictDoor = { code: 'filing_refused', required: ['id'] };

/**
 * Writes packages that were planned, and lets them take their files.
 * @param manager of a transaction
 * @throws OpsDbError `filing_refused` when the database does not take a package; `filing_conflict` when a file has got another
 *   package meanwhile
 */
export async function writeDrafts(manager: EntityManager, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return;
  const fresh = drafts.filter(({ isNew }) => isNew);
  if (fresh.length > 0) await addPackages(manager, fresh);
  for (const { id, isNew, fileCount } of drafts)
    if (!isNew) await manager.update(RawDataPackage, id, { fileCount });
  await takeFiles(manager, drafts);
}

async function addPackages(manager: EntityManager, drafts: readonly Draft[]): Promise<void> {
  const { dataSource } = manager;
  const packages = dataSource.getMetadata(RawDataPackage);
  const notes = dataSource.getMetadata(RawDataPackageMetadata);
  const canonical = canonicalRows<NewRow>(packages, PACKAGE);
  const rows = drafts.map(({ id, execution, module, source, partNumber, fileCount }) =>
    canonical({
      id,
      executedObsUnitId: execution,
      instrumentModuleId: module,
      sourceLocationId: source,
      partNumber,
      fileCount,
    }),
  );
  const observations = await observationsOf(manager, idsOf(drafts, 'execution'));
  const instruments = await instrumentsOf(manager, idsOf(drafts, 'module'));
  const metadata = drafts.map(({ execution, module }, index) => ({
    rawDataPackageId: rows[index]?.id,
    metadata: {
      ...(execution !== null && { observation: observations.get(execution) }),
      ...(module !== null && { instrument: instruments.get(module) }),
    },
  }));
  const isTaken = await areTaken(manager, [
    [packages, rows],
    [notes, metadata],
  ]);
  if (!isTaken) throw await refusalOf(manager, packages, rows);
}

function idsOf<K extends 'execution' | 'module'>(drafts: readonly Draft[], key: K) {
  return [...new Set(drafts.flatMap((draft) => draft[key] ?? []))] as NonNullable<Draft[K]>[];
}

async function observationsOf(manager: EntityManager, ids: string[]): Promise<Map<string, object>> {
  if (ids.length === 0) return new Map();
  const executions = await manager.find(ExecutedObsUnit, {
    where: { id: In(ids) },
    relations: { obsUnit: { source: true, obsMode: true, observingProgram: true } },
  });
  return new Map(
    executions.map(({ id, startTime, endTime, obsUnit }) => [
      id,
      {
        obs_unit: obsUnit?.name,
        source: obsUnit?.source?.name,
        obs_mode: obsUnit?.obsMode?.name,
        program: obsUnit?.observingProgram?.shortName,
        start_time: startTime.toISOString(),
        end_time: endTime?.toISOString(),
      },
    ]),
  );
}

async function instrumentsOf(manager: EntityManager, ids: number[]): Promise<Map<number, object>> {
  if (ids.length === 0) return new Map();
  const modules = await manager.find(InstrumentModule, {
    where: { id: In(ids) },
    relations: { instrument: true },
  });
  return new Map(
    modules.map(({ id, name, instrument, frequencyCenterGhz }) => [
      id,
      { name: instrument?.name, module: name, frequency_ghz: frequencyCenterGhz },
    ]),
  );
}

/** One statement for all files, each with the key of its package. */
async function takeFiles(manager: EntityManager, drafts: readonly Draft[]): Promise<void> {
  const pairs = drafts.flatMap(({ id, fileIds }) => fileIds.map((fileId) => [fileId, id] as const));
  const { tablePath } = manager.dataSource.getMetadata(RawDataFile);
  const { source, parameters } = onDialect(manager, { postgresql: unnested, sqlite: asJson })(pairs);
  const { affected } = await (manager.queryRunner as QueryRunner).query(
    `UPDATE "${tablePath}" SET "raw_data_package_id" = taken."package_id", "updated_at" = ${dialectOf(manager).now}
      FROM ${source} WHERE "${tablePath}"."id" = taken."file_id" AND "${tablePath}"."raw_data_package_id" IS NULL`,
    parameters,
    true,
  );
  if (affected === pairs.length) return;
  throw new OpsDbError(
    'filing_conflict',
    `${pairs.length - (affected ?? 0)} files have got another package meanwhile: plan again`,
  );
}

type Pairs = readonly (readonly [fileId: string, packageId: string])[];

/** A table of the pairs, and the parameters that it is made from. */
interface TakenFrom {
  readonly source: string;
  readonly parameters: unknown[];
}

function unnested(pairs: Pairs): TakenFrom {
  const parameters = [pairs.map(([fileId]) => fileId), pairs.map(([, packageId]) => packageId)];
  const source = 'unnest(CAST($1 AS uuid[]), CAST($2 AS uuid[])) AS taken ("file_id", "package_id")';
  return { source, parameters };
}

function asJson(pairs: Pairs): TakenFrom {
  const source = `(SELECT value ->> 0 AS "file_id", value ->> 1 AS "package_id" FROM json_each(?)) AS taken`;
  return { source, parameters: [JSON.stringify(pairs)] };
}
