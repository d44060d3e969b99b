import { isDeepStrictEqual } from 'node:util';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { bulkInsert, bulkInsertAll, type Insert } from '../../database/bulk-insert.js';
import { inKeyOrder, type Many } from '../../database/chunks.js';
import { isConstraintViolation } from '../../database/constraint-violation.js';
import { oneOf } from '../../database/one-of.js';
import { withRunner } from '../../database/read-runner.js';
import { together } from '../../database/together.js';
import { OpsDbError } from '../../errors.js';
import { assertIterable } from '../../values/arguments.js';
import { canonicalAsFound, canonicalRows, type StrictDoor } from '../../values/canonical.js';
import { readMany } from '../reading/index.js';
import { lookupStep, readerOf } from '../reading/reader.js';
import { type Filed, fileInLists } from './lists.js';
import { refusalOf } from './refusal.js';

/** A row with its key, and the values that its writer gives, by property; it refers to other rows by their keys. */
export type NewRow = { readonly id: string } & Readonly<Record<string, unknown>>;

/**
 * Writes rows that may have been sent before: a row that is there with the same content is left alone.
 * @param rows any number of them, also as an async iterable; only a small part is held in memory at a time
 * @returns how many were added and how many were known
 * @throws OpsDbError `filing_conflict` when a row is there with other content: the message names the fields;
 *   `filing_refused` when a property is not known, a value is none for its column, or the database does not take a row.
 *   Nothing of the call is written then.
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { ExecutedObsUnit, fileRows, ObsUnit } from 'ccat-ops-db';
 *
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { available: true });
 *
 * const startTime = new Date('2026-11-24T03:00:00Z');
 * const row = { id: randomUUID(), obsUnitId, startTime, observingNight: '2026-11-23' };
 * console.log(await fileRows(session, ExecutedObsUnit, [row])); // { added: 1, known: 0 }
 * console.log(await fileRows(session, ExecutedObsUnit, [row])); // { added: 0, known: 1 }
 *
 * const other = { ...row, startTime: new Date('2026-11-24T04:00:00Z') };
 * const refused = await fileRows(session, ExecutedObsUnit, [other]).catch(({ code }) => code);
 * console.log(refused); // filing_conflict
 */
export async function fileRows(
  manager: EntityManager,
  entity: abstract new () => object,
  rows: Many<NewRow>,
): Promise<Filed> {
  assertIterable('rows', rows);
  const metadata = manager.dataSource.getMetadata(entity);
  const canonical = canonicalRows<NewRow>(metadata, ROWS);
  const prepared = (list: NewRow[]) => inKeyOrder(list.map(canonical), ({ id }) => id);
  return fileInLists(manager, rows, prepared, async (on, spelled) => {
    if (await areTaken(on, [[metadata, spelled]])) return spelled.length;
    if (await areKnown(on, metadata, spelled)) return 0;
    return on.transaction((nested) => fileUnknown(nested, metadata, spelled));
  });
}

const ROWS: StrictDoor = { code: 'filing_refused', required: ['id'] };

/**
 * Rows are new as a rule: they are looked up only when the database refuses one of them.
 * @returns whether all were taken; otherwise none was
 */
export async function areTaken(manager: EntityManager, inserts: readonly Insert[]): Promise<boolean> {
  try {
    await bulkInsertAll(manager, inserts);
    return true;
  } catch (error) {
    if (isConstraintViolation(error)) return false;
    throw error;
  }
}

/** Whether all rows are there already as they are given. */
async function areKnown(
  manager: EntityManager,
  metadata: EntityMetadata,
  rows: readonly NewRow[],
): Promise<boolean> {
  const ids = rows.map(({ id }) => id);
  const [found = []] = await lookUp(manager, [[metadata, 'id', ids]]);
  return areSame(metadata, rows, found);
}

/** Entities of which a property has one of some values. */
export type Asked = readonly [metadata: EntityMetadata, property: string, values: readonly unknown[]];

/** Looks several kinds of entities up in one round trip. */
export async function lookUp(manager: EntityManager, asked: readonly Asked[]): Promise<ObjectLiteral[][]> {
  const { dataSource } = manager;
  const statements = asked.map((one) => lookupStep(dataSource, ...one));
  const lists = await withRunner(manager, (runner) => together(runner, statements));
  return asked.map(([metadata], at) => (lists[at] ?? []).map(readerOf(dataSource, metadata).hydrate));
}

/** Whether each row is among those that were found, as it is given. */
export function areSame(
  metadata: EntityMetadata,
  rows: readonly NewRow[],
  found: readonly ObjectLiteral[],
): boolean {
  const canonical = canonicalAsFound<ObjectLiteral>(metadata);
  const known = new Map(found.map((row) => [row.id as string, canonical(row)]));
  return rows.every((row) => {
    const twin = known.get(row.id);
    return twin !== undefined && differences(row, twin).length === 0;
  });
}

/**
 * Writes those of many rows that are not there yet; those that are there must be as they are given.
 * @returns how many were written
 * @throws OpsDbError as {@link fileRows} does
 */
export function fileUnknown(
  manager: EntityManager,
  metadata: EntityMetadata,
  rows: readonly NewRow[],
): Promise<number> {
  return writeUnknown(manager, metadata, rows, (some) => withoutKnown(manager, metadata, some));
}

/**
 * Writes those of some rows that are not there yet.
 * @param unknownOf leaves out those that are there
 * @returns how many were written
 */
export async function writeUnknown<Row extends ObjectLiteral>(
  manager: EntityManager,
  metadata: EntityMetadata,
  rows: readonly Row[],
  unknownOf: (rows: readonly Row[]) => Promise<Row[]>,
): Promise<number> {
  const unknown = await unknownOf(rows);
  if (unknown.length === 0) return 0;
  try {
    await manager.transaction((nested) => bulkInsert(nested, metadata, unknown));
    return unknown.length;
  } catch (error) {
    if (!isConstraintViolation(error)) throw error;
    // The same rows may have been filed by somebody else in the meantime.
    const still = await unknownOf(unknown);
    if (still.length < unknown.length) return writeUnknown(manager, metadata, still, unknownOf);
    throw await refusalOf(manager, metadata, unknown);
  }
}

/** The rows that are not there yet, each once; those that are there must be as they are given. */
async function withoutKnown(
  manager: EntityManager,
  metadata: EntityMetadata,
  rows: readonly NewRow[],
): Promise<NewRow[]> {
  const ids = rows.map(({ id }) => id);
  const found = await readMany<ObjectLiteral>(manager, metadata.target, {
    where: { id: oneOf(manager, ids) },
  });
  const canonical = canonicalAsFound<ObjectLiteral>(metadata);
  const known = new Map(found.map((row) => [row.id as string, canonical(row)]));
  const fresh = new Map<string, NewRow>();
  for (const row of rows) {
    const twin = known.get(row.id) ?? fresh.get(row.id);
    if (twin) assertSame(metadata, row, twin);
    else fresh.set(row.id, row);
  }
  return [...fresh.values()];
}

/** The properties that are given otherwise than they were found. */
function differences(given: NewRow, found: ObjectLiteral): string[] {
  return Object.keys(given).filter(
    (field) => given[field] !== undefined && !isDeepStrictEqual(given[field], found[field]),
  );
}

export function assertSame(metadata: EntityMetadata, given: NewRow, found: ObjectLiteral): void {
  const conflict = conflictOf(metadata, given, found);
  if (conflict) throw conflict;
}

/** The error for a row that is there with other content than is given. */
export function conflictOf(
  { name }: EntityMetadata,
  given: NewRow,
  found: ObjectLiteral,
): OpsDbError | undefined {
  const fields = differences(given, found);
  if (fields.length === 0) return undefined;
  const details = fields.map((field) => `${field} is ${show(found[field])}, not ${show(given[field])}`);
  return new OpsDbError(
    'filing_conflict',
    `${name} ${given.id} is there already with other content: ${details.join('; ')}`,
  );
}

/** Characters of a value that a message shows. */
const LONGEST = 200;

/** A value as a message about other content shows it. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'not given';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
