import { isDeepStrictEqual } from 'node:util';
import { type EntityManager, In, type ObjectLiteral, QueryFailedError } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { bulkInsert } from '../database/bulk-insert.js';
import { isConstraintViolation } from '../database/constraint-violation.js';
import { OpsDbError } from '../errors.js';
import { BULK, inChunks } from './chunks.js';
import { refusalOf } from './refusal.js';
import { canonicalRows } from './row-values.js';

/** A row with its key, and the values that its writer gives. */
export type NewRow = { readonly id: string } & Readonly<Record<string, unknown>>;

/** What became of rows that were filed. */
export interface Filed {
  /** Rows that were not there and were written. */
  readonly added: number;
  /** Rows that were there already with the same content. */
  readonly known: number;
}

/**
 * Writes rows that may have been sent before: a row that is there with the same content is left alone.
 * @param rows any number of them, also as an async iterable; only a small part is held in memory at a time
 * @returns how many were added and how many were known
 * @throws OpsDbError `filing_conflict` when a row is there with other content: the message names the fields;
 *   `filing_refused` when the database does not take a row. Nothing of the call is written then.
 */
export async function fileRows(
  manager: EntityManager,
  entity: abstract new () => object,
  rows: Iterable<NewRow> | AsyncIterable<NewRow>,
): Promise<Filed> {
  const metadata = manager.dataSource.getMetadata(entity);
  const canonical = canonicalRows<NewRow>(metadata);
  return manager.transaction(async (nested) => {
    let added = 0;
    let known = 0;
    for await (const chunk of inChunks(rows, BULK)) {
      const written = await fileChunk(nested, metadata, chunk.map(canonical));
      added += written;
      known += chunk.length - written;
    }
    return { added, known };
  });
}

/** Rows are new as a rule: they are looked up only when the database refuses one of them. */
async function fileChunk(
  manager: EntityManager,
  metadata: EntityMetadata,
  chunk: readonly NewRow[],
): Promise<number> {
  if (await isTaken(manager, metadata, chunk)) return chunk.length;
  let added = 0;
  for await (const part of inChunks(chunk)) added += await filePart(manager, metadata, part);
  return added;
}

async function filePart(
  manager: EntityManager,
  metadata: EntityMetadata,
  part: readonly NewRow[],
): Promise<number> {
  const fresh = await withoutKnown(manager, metadata, part);
  if (fresh.length === 0) return 0;
  try {
    await manager.transaction((nested) => nested.insert(metadata.target, fresh));
    return fresh.length;
  } catch (error) {
    if (!(error instanceof QueryFailedError)) throw error;
    // The same rows may have been filed by somebody else in the meantime.
    const still = await withoutKnown(manager, metadata, fresh);
    if (still.length < fresh.length) return filePart(manager, metadata, still);
    throw await refusalOf(manager, metadata, fresh);
  }
}

/** Whether the database took all rows at once; where a constraint refuses one of them none is written. */
async function isTaken(
  manager: EntityManager,
  metadata: EntityMetadata,
  rows: readonly NewRow[],
): Promise<boolean> {
  try {
    await manager.transaction((nested) => bulkInsert(nested, metadata, rows));
    return true;
  } catch (error) {
    if (isConstraintViolation(error)) return false;
    throw error;
  }
}

/** The rows that are not there yet, each once; those that are there must be as they are given. */
async function withoutKnown(
  manager: EntityManager,
  metadata: EntityMetadata,
  rows: readonly NewRow[],
): Promise<NewRow[]> {
  const ids = rows.map(({ id }) => id);
  const found = await manager.find<ObjectLiteral>(metadata.target, { where: { id: In(ids) } });
  const canonical = canonicalRows<ObjectLiteral>(metadata);
  const known = new Map(found.map((row) => [row.id as string, canonical(row)]));
  const fresh = new Map<string, NewRow>();
  for (const row of rows) {
    const twin = known.get(row.id) ?? fresh.get(row.id);
    if (twin) assertSame(metadata, row, twin);
    else fresh.set(row.id, row);
  }
  return [...fresh.values()];
}

function assertSame(metadata: EntityMetadata, given: NewRow, found: ObjectLiteral): void {
  const fields = Object.keys(given).filter(
    (field) => given[field] !== undefined && !isDeepStrictEqual(given[field], found[field]),
  );
  if (fields.length === 0) return;
  const details = fields.map((field) => `${field} is ${show(found[field])}, not ${show(given[field])}`);
  throw new OpsDbError(
    'filing_conflict',
    `${metadata.name} ${given.id} is there already with other content: ${details.join('; ')}`,
  );
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'not given';
}
