import { existsSync, readdirSync } from 'node:fs';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EntityManager, MoreThan, type ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { stringify } from 'yaml';
import { CHUNK } from '../../database/chunks.js';
import { oneOf } from '../../database/one-of.js';
import { snakeCase } from '../../entities/snake-case.js';
import { OpsDbError } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';
import { seedPlan } from '../../seed/plan.js';
import { columnsByName, relationsByName } from '../../tabular/header.js';
import { KeyLookup, type Located } from '../../tabular/key-lookup.js';
import { junctionOf } from '../../tabular/upsert/links.js';
import { csvLine } from './csv-line.js';
import { INDEX_FILES } from './index-file.js';
import { StartingState } from './starting-state.js';
import { PLANNING } from './tables.js';

/** How files are written. */
export interface ExportOptions {
  /** Write into a folder that is not empty; files of the same names are replaced. */
  readonly overwrite?: boolean;
  /** Called after each file. */
  readonly onProgress?: (result: ExportResult, done: number, all: number) => void;
}

/** What was written for an entity. */
export interface ExportResult {
  /** Name of the entity that the rows are of. */
  readonly entity: string;
  /** The file, within the folder. */
  readonly file: string;
  /** How many rows were written. */
  readonly rows: number;
}

/**
 * Writes the planning tables into files with an index, which {@link initObsUnits} reads: sources, programs, modes,
 * configurations, tunings, tilings, obs units and slots. Loading them again changes nothing.
 * @param manager of a transaction, where the files are to be of one moment
 * @param folder is made where it is not there
 * @returns a result for each file; entities without rows have none
 * @throws OpsDbError `input_invalid` when the folder has files and `overwrite` is not given, or when a name cannot be
 *   written
 *
 * @example
 * import { mkdtemp, readdir, rm } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import path from 'node:path';
 * import { exportPlanning } from 'ccat-ops-db/planning-files';
 *
 * const folder = await mkdtemp(path.join(tmpdir(), 'plans-'));
 * const results = await exportPlanning(session, folder);
 * console.log(results.find(({ file }) => file === 'obs-unit.csv')?.rows); // 321
 * console.log((await readdir(folder)).includes('index.yaml')); // true
 * await rm(folder, { recursive: true });
 */
export async function exportPlanning(
  manager: EntityManager,
  folder: string,
  { overwrite = false, onProgress }: ExportOptions = {},
): Promise<ExportResult[]> {
  makeFolder(folder);
  if (!overwrite && readdirSync(folder).length > 0)
    throw new OpsDbError(
      'input_invalid',
      `${folder} is not empty: name an empty folder, or allow overwriting`,
    );
  const results: ExportResult[] = [];
  const filled = await filledOf(manager, PLANNING);
  for (const metadata of filled) {
    const file = `${snakeCase(metadata.name).replaceAll('_', '-')}.csv`;
    const result = {
      entity: metadata.name,
      file,
      rows: await writeTable(manager, metadata, join(folder, file)),
    };
    results.push(result);
    onProgress?.(result, results.length, filled.length);
  }
  await writeIndex(folder, results);
  return results;
}

/** The entities that have rows. */
async function filledOf(
  manager: EntityManager,
  classes: readonly (new () => object)[],
): Promise<EntityMetadata[]> {
  const filled: EntityMetadata[] = [];
  for (const entity of classes)
    if (await manager.exists(entity)) filled.push(manager.dataSource.getMetadata(entity));
  return filled;
}

async function writeIndex(folder: string, results: readonly ExportResult[]): Promise<void> {
  const other = INDEX_FILES.slice(1).find((name) => existsSync(join(folder, name)));
  if (other !== undefined)
    throw new OpsDbError(
      'input_invalid',
      `${folder} has ${other} already; the export writes ${INDEX_FILES[0]}`,
    );
  const files = results.map(({ entity, file }) => [snakeCase(entity), file]);
  const index = { starting_state: StartingState.FACILITY, ...Object.fromEntries(files) };
  await writeFile(join(folder, INDEX_FILES[0] as string), stringify(index));
}

async function writeTable(manager: EntityManager, metadata: EntityMetadata, path: string): Promise<number> {
  const handle = await open(path, 'w');
  try {
    return await writeRows(manager, metadata, handle);
  } finally {
    await handle.close();
  }
}

async function writeRows(
  manager: EntityManager,
  metadata: EntityMetadata,
  handle: FileHandle,
): Promise<number> {
  const columns = [...columnsByName(metadata)];
  const relations = [...relationsByName(metadata)];
  const lookup = new KeyLookup(manager, seedPlan);
  await handle.write(csvLine([...columns, ...relations].map(([name]) => name)));
  let count = 0;
  for (let last = 0; ; ) {
    const rows = (await manager.find(metadata.target, {
      where: { id: MoreThan(last) },
      order: { id: 'ASC' },
      take: CHUNK,
    })) as Located[];
    const cells: string[][] = rows.map((row) => columns.map(([, column]) => cell(row, column)));
    for (const [, relation] of relations) {
      const texts = await relationTexts(manager, lookup, relation, rows);
      for (const [index, row] of rows.entries()) cells[index]?.push(texts.get(row.id) ?? '');
    }
    await handle.write(cells.map(csvLine).join(''));
    count += rows.length;
    if (rows.length < CHUNK) return count;
    last = (rows.at(-1) as Located).id;
  }
}

/** The cell of a relation, by id of the row. */
async function relationTexts(
  manager: EntityManager,
  lookup: KeyLookup,
  relation: RelationMetadata,
  rows: readonly Located[],
): Promise<Map<number, string>> {
  const { inverseEntityMetadata: target } = relation;
  if (relation.isManyToMany) return linkTexts(manager, lookup, relation, rows);
  const { propertyName, referencedColumn } = relation.joinColumns[0] as ColumnMetadata;
  const values = rows.map((row) => row[propertyName]).filter((value) => value !== null);
  const keys = await lookup.keysOf(target, values, referencedColumn?.propertyName);
  return new Map(rows.map((row) => [row.id, keys.get(row[propertyName]) ?? '']));
}

async function linkTexts(
  manager: EntityManager,
  lookup: KeyLookup,
  relation: RelationMetadata,
  rows: readonly Located[],
): Promise<Map<number, string>> {
  const { junction, owner, inverse } = junctionOf(relation);
  const pairs = await manager
    .createQueryBuilder()
    .select(`it.${owner.propertyName}`, 'owner')
    .addSelect(`it.${inverse.propertyName}`, 'inverse')
    .from(junction.target, 'it')
    .where({
      [owner.propertyName]: oneOf(
        manager,
        rows.map(({ id }) => id),
      ),
    })
    .getRawMany<{ owner: number; inverse: number }>();
  const keys = await lookup.keysOf(
    relation.inverseEntityMetadata,
    pairs.map((pair) => pair.inverse),
  );
  const names = new Map<number, string[]>(rows.map(({ id }) => [id, []]));
  for (const pair of pairs) names.get(pair.owner)?.push(listable(keys.get(pair.inverse) as string));
  return new Map([...names].map(([id, list]) => [id, list.sort().join(';')]));
}

function listable(name: string): string {
  if (!name.includes(';')) return name;
  const message = `${name} has a semicolon, which separates names in a list: rename it`;
  throw new OpsDbError('input_invalid', message);
}

function cell(row: ObjectLiteral, { propertyName, type }: ColumnMetadata): string {
  const value = row[propertyName];
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return type === 'jsonb' ? JSON.stringify(value) : String(value);
}
