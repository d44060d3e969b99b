import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { bulkInsert } from '../../database/bulk-insert.js';
import { isConstraintViolation } from '../../database/constraint-violation.js';
import { whyTimeIsRefused } from '../../database/refused-time.js';
import { OpsDbError } from '../../errors.js';

/**
 * Finds the first of some rows that the database does not take, by writing halves of them. What was written is to be rolled back.
 * @returns the error to throw, which names the row and the reason
 */
export async function refusalOf(
  manager: EntityManager,
  metadata: EntityMetadata,
  rows: readonly ObjectLiteral[],
): Promise<OpsDbError> {
  let some = rows;
  while (some.length > 1) {
    const half = some.slice(0, some.length >> 1);
    some = (await violation(manager, metadata, half)) ? half : some.slice(half.length);
  }
  const [row = {}] = some;
  const cause = await violation(manager, metadata, some);
  if (cause === undefined)
    return new OpsDbError(
      'filing_refused',
      `${metadata.name}: the rows were refused, but not when they were tried again`,
    );
  const reasons = await danglingKeys(manager, metadata, row);
  if (reasons.length === 0)
    reasons.push((await whyTimeIsRefused(manager, metadata, row, explain(cause))) ?? explain(cause));
  return new OpsDbError(
    'filing_refused',
    `${[metadata.name, row.id].filter(Boolean).join(' ')}: ${reasons.join('; ')}`,
    { cause },
  );
}

/** The error of the constraint that rows break; undefined where they are written. */
async function violation(
  manager: EntityManager,
  metadata: EntityMetadata,
  rows: readonly ObjectLiteral[],
): Promise<unknown> {
  try {
    await manager.transaction((nested) => bulkInsert(nested, metadata, rows));
    return undefined;
  } catch (error) {
    if (isConstraintViolation(error)) return error;
    throw error;
  }
}

/** SQLSTATEs of which PostgreSQL tells the key that it is about: no such row, not unique. */
const OF_A_KEY = ['23503', '23505'];

/** What the database says of a value that it does not take. */
export function explain(error: unknown): string {
  const driverError = (error as { driverError?: Error }).driverError ?? (error as Error);
  const { code, detail } = driverError as { code?: string; detail?: string };
  return OF_A_KEY.includes(code ?? '') ? `${driverError.message}: ${detail}` : driverError.message;
}

/** Foreign keys that lead nowhere: SQLite does not say which it was. */
async function danglingKeys(
  manager: EntityManager,
  metadata: EntityMetadata,
  row: ObjectLiteral,
): Promise<string[]> {
  const reasons: string[] = [];
  for (const { columns, referencedColumns, referencedEntityMetadata } of metadata.foreignKeys) {
    const values = columns.map(({ propertyName }) => row[propertyName]);
    if (values.some((value) => value === null || value === undefined)) continue;
    const key = Object.fromEntries(
      referencedColumns.map(({ propertyName }, index) => [propertyName, values[index]]),
    );
    if (await manager.existsBy(referencedEntityMetadata.target, key)) continue;
    const names = columns.map(({ propertyName }) => propertyName).join(' and ');
    reasons.push(`${names} is ${values.join(' and ')}, which no ${referencedEntityMetadata.name} has`);
  }
  return reasons;
}
