import { isDeepStrictEqual } from 'node:util';
import { type EntityManager, type ObjectLiteral, QueryFailedError } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { type Fault, FaultsError } from '../errors.js';
import { ExistingRows, ownedLinks } from './existing.js';
import type { SeedRow, SeedTable } from './read.js';

/** A row of the database that is not as its data file says. */
export interface Difference {
  /** The natural key of the row. */
  readonly key: string;
  /** The properties and relations that differ. */
  readonly properties: readonly string[];
}

/** What became of the rows of one data file. */
export interface SeedResult {
  readonly entity: string;
  /** Rows that were not there and were written. */
  readonly added: number;
  /** Rows that were there as the file says. */
  readonly unchanged: number;
  /** Rows that were there otherwise: kept, or with `force` set to what the file says. */
  readonly differing: readonly Difference[];
}

export interface SeedOptions {
  /** Set rows that differ to what the files say; without it they are reported and kept. */
  readonly force?: boolean;
  /** Called after each data file with what became of it. */
  readonly onProgress?: (result: SeedResult, done: number, all: number) => void;
}

/** Rows in one INSERT: well below the limits of both databases on parameters. */
const CHUNK = 100;

/**
 * Brings the rows of the data files into the database: adds what is missing, leaves what is there.
 * @param manager of a transaction, so that either all is written or nothing
 * @param tables from {@link readSeedData}
 * @returns what became of the rows, a result for each file
 * @throws FaultsError `seed_data_invalid` with the rows that break a constraint of the database
 */
export async function writeSeedData(
  manager: EntityManager,
  tables: readonly SeedTable[],
  { force = false, onProgress }: SeedOptions = {},
): Promise<SeedResult[]> {
  const existing = new ExistingRows(manager);
  const results: SeedResult[] = [];
  for (const table of tables) {
    const result = await writeTable(manager, table, existing, force);
    results.push(result);
    onProgress?.(result, results.length, tables.length);
  }
  return results;
}

async function writeTable(
  manager: EntityManager,
  table: SeedTable,
  existing: ExistingRows,
  force: boolean,
): Promise<SeedResult> {
  const { metadata, step, rows } = table;
  const present = await existing.load(step, metadata);
  const added = rows.filter(({ key }) => !present.has(key));
  const differing: Difference[] = [];
  for (const row of rows) {
    const found = present.get(row.key);
    const properties = found ? differences(metadata, row, found, existing) : [];
    if (!found || properties.length === 0) continue;
    differing.push({ key: row.key, properties });
    if (force) await overwrite(manager, table, row, found, existing);
  }
  for (const wave of waves(added, existing)) {
    await insert(manager, table, wave, existing);
    await existing.load(step, metadata);
  }
  await link(manager, table, added, existing);
  const unchanged = rows.length - added.length - differing.length;
  return { entity: metadata.name, added: added.length, unchanged, differing };
}

/** Rows that refer to rows of their own table come after these have been written. */
function* waves(rows: readonly SeedRow[], existing: ExistingRows): Generator<readonly SeedRow[]> {
  let waiting = rows;
  while (waiting.length > 0) {
    const ready: SeedRow[] = [];
    const rest: SeedRow[] = [];
    for (const row of waiting) (resolved(row, existing) ? ready : rest).push(row);
    if (ready.length === 0) throw new Error(`${waiting[0]?.origin} refers to a row that is never written`);
    yield ready;
    waiting = rest;
  }
}

function resolved({ references }: SeedRow, existing: ExistingRows): boolean {
  return [...references].every(
    ([relation, key]) => key === null || existing.find(relation.inverseEntityMetadata, key) !== undefined,
  );
}

function differences(
  metadata: EntityMetadata,
  row: SeedRow,
  found: ObjectLiteral,
  existing: ExistingRows,
): string[] {
  const values = Object.entries(columnValues(row, existing))
    .filter(([property, value]) => !isDeepStrictEqual(found[property], value))
    .map(([property]) => property);
  const links = ownedLinks(metadata)
    .filter((relation) => {
      const wanted = row.links.get(relation.propertyName);
      return wanted && !isDeepStrictEqual(linkedKeys(relation, found, existing), [...wanted].sort());
    })
    .map(({ propertyName }) => propertyName);
  return [...values, ...links];
}

function linkedKeys(
  relation: RelationMetadata,
  found: ObjectLiteral,
  existing: ExistingRows,
): (string | undefined)[] {
  const rows = (found[relation.propertyName] ?? []) as ObjectLiteral[];
  return rows.map((row) => existing.keyOf(relation.inverseEntityMetadata, row)).sort();
}

/** The row's values with its references resolved to the columns that hold them. */
function columnValues(row: SeedRow, existing: ExistingRows): Record<string, unknown> {
  const values = { ...row.values };
  for (const [relation, key] of row.references) {
    const target = key === null ? undefined : existing.find(relation.inverseEntityMetadata, key);
    for (const { propertyName, referencedColumn } of relation.joinColumns)
      values[propertyName] = target ? referencedColumn?.getEntityValue(target) : null;
  }
  return values;
}

async function insert(
  manager: EntityManager,
  { step, metadata }: SeedTable,
  rows: readonly SeedRow[],
  existing: ExistingRows,
): Promise<void> {
  const write = (some: readonly SeedRow[]) =>
    refusal(() =>
      manager.transaction((nested) =>
        nested.insert(
          step.entity,
          some.map((row) => columnValues(row, existing)),
        ),
      ),
    );
  const faults: Fault[] = [];
  for (let start = 0; start < rows.length; start += CHUNK) {
    const chunk = rows.slice(start, start + CHUNK);
    if (!(await write(chunk))) continue;
    // The database says what it refused but not which row: one by one tells.
    for (const row of chunk) {
      const message = await write([row]);
      if (message) faults.push({ origin: row.origin, key: metadata.tableName, value: row.key, message });
    }
  }
  if (faults.length > 0)
    throw new FaultsError('seed_data_invalid', 'The database refused rows; nothing was written.', faults);
}

/** What the database said against a statement, undefined where it took it. */
async function refusal(statement: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await statement();
    return undefined;
  } catch (error) {
    if (error instanceof QueryFailedError) return error.driverError.message;
    throw error;
  }
}

async function link(
  manager: EntityManager,
  { metadata }: SeedTable,
  rows: readonly SeedRow[],
  existing: ExistingRows,
): Promise<void> {
  for (const { junctionEntityMetadata, inverseEntityMetadata, propertyName } of ownedLinks(metadata)) {
    const { tableName, ownerColumns, inverseColumns } = junctionEntityMetadata as EntityMetadata;
    const pairs = rows.flatMap(({ key, links }) =>
      (links.get(propertyName) ?? []).map((target) => ({
        [(ownerColumns[0] as ColumnMetadata).propertyName]: existing.find(metadata, key)?.id,
        [(inverseColumns[0] as ColumnMetadata).propertyName]: existing.find(inverseEntityMetadata, target)
          ?.id,
      })),
    );
    for (let start = 0; start < pairs.length; start += CHUNK)
      await manager
        .createQueryBuilder()
        .insert()
        .into(tableName)
        .values(pairs.slice(start, start + CHUNK))
        .execute();
  }
}

async function overwrite(
  manager: EntityManager,
  table: SeedTable,
  row: SeedRow,
  found: ObjectLiteral,
  existing: ExistingRows,
): Promise<void> {
  await manager.update(table.step.entity, found.id, columnValues(row, existing));
  for (const { junctionEntityMetadata } of ownedLinks(table.metadata)) {
    const { tableName, ownerColumns } = junctionEntityMetadata as EntityMetadata;
    const owner = (ownerColumns[0] as ColumnMetadata).propertyName;
    await manager
      .createQueryBuilder()
      .delete()
      .from(tableName)
      .where({ [owner]: found.id })
      .execute();
  }
  await link(manager, table, [row], existing);
}
