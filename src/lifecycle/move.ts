import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { StatusHistory } from '../entities/index.js';
import { sqlNow } from './sql-time.js';
import type { Lifecycle } from './transitions.js';

/** What is set beside the status: values by property, or an SQL expression as a function. */
export type Assignments = Readonly<Record<string, unknown | (() => string)>>;

/** A step of rows from wherever they stand to a status, with its entry in the history. */
export interface Move {
  readonly lifecycle: Lifecycle;
  readonly to: string;
  readonly set: Assignments;
  /** Who moves the rows, for the history. */
  readonly by: string | null;
  /** Why the rows are moved, for the history. */
  readonly reason: string | null;
  /** Leave out rows that somebody else is moving right now, instead of waiting to see where they end. */
  readonly skipLocked?: boolean;
}

/** A row that moved. */
export interface Moved {
  readonly id: string | number;
  readonly from: string;
}

/** A key as both databases hold it: SQLite compares UUIDs as texts, in which case counts. */
export function keyOf<K extends string | number>(id: K): K {
  return (typeof id === 'string' ? id.toLowerCase() : id) as K;
}

/** Rows in one statement of SQLite, below its limit on parameters. */
const CHUNK = 500;

/**
 * Moves the rows that a query picks to another status and notes each step in the history, in one transaction.
 * @param pick selects from the entity under the alias `it`; it must leave out rows that may not move
 * @returns the rows that moved, in no particular order
 */
export function moveRows(
  manager: EntityManager,
  metadata: EntityMetadata,
  pick: SelectQueryBuilder<ObjectLiteral>,
  move: Move,
): Promise<Moved[]> {
  pick.select('it.id', 'id').addSelect(`it.${move.lifecycle.property}`, 'from');
  return manager.dataSource.options.type === 'postgres'
    ? moveOnPostgresql(manager, metadata, pick, move)
    : manager.transaction((nested) => moveOnSqlite(nested, metadata, pick, move));
}

/** One statement picks, moves and notes, so that no other worker comes in between. */
async function moveOnPostgresql(
  manager: EntityManager,
  metadata: EntityMetadata,
  pick: SelectQueryBuilder<ObjectLiteral>,
  move: Move,
): Promise<Moved[]> {
  const [picked, parameters] = pick.getQueryAndParameters();
  const bind = (value: unknown) => `$${parameters.push(value)}`;
  const history = manager.dataSource.getMetadata(StatusHistory).tablePath;
  const entries = [metadata.name, move.lifecycle.property, move.to, move.by, move.reason].map(
    (value) => `${bind(value)}::text`,
  );
  const [entity, property, to, by, reason] = entries;
  return manager.query(
    `WITH picked AS (${picked} FOR UPDATE OF "it" ${move.skipLocked ? 'SKIP LOCKED' : ''}),
      moved AS (
        UPDATE "${metadata.tablePath}" AS it SET ${assignments(manager, metadata, move, bind)}
        FROM picked WHERE it."id" = picked."id" RETURNING it."id", picked."from"
      ),
      noted AS (
        INSERT INTO "${history}" ("entity", "row_id", "field", "from_status", "to_status", "changed_at", "changed_by", "reason")
        SELECT ${entity}, "id"::text, ${property}, "from"::text, ${to}, statement_timestamp(), ${by}, ${reason} FROM moved
      )
    SELECT "id", "from" FROM moved`,
    parameters,
  );
}

/** A transaction of SQLite has the database to itself from its first statement on. */
async function moveOnSqlite(
  manager: EntityManager,
  metadata: EntityMetadata,
  pick: SelectQueryBuilder<ObjectLiteral>,
  move: Move,
): Promise<Moved[]> {
  const [picked, pickedBy] = pick.getQueryAndParameters();
  const rows: Moved[] = await manager.query(picked, pickedBy);
  for (let start = 0; start < rows.length; start += CHUNK) {
    const chunk = rows.slice(start, start + CHUNK);
    const parameters: unknown[] = [];
    const bind = (value: unknown) => {
      parameters.push(value);
      return '?';
    };
    const set = assignments(manager, metadata, move, bind);
    const ids = chunk.map(({ id }) => bind(id)).join(', ');
    await manager.query(`UPDATE "${metadata.tablePath}" SET ${set} WHERE "id" IN (${ids})`, parameters);
    await manager.insert(
      StatusHistory,
      chunk.map(({ id, from }) => ({
        entity: metadata.name,
        rowId: String(id),
        field: move.lifecycle.property,
        fromStatus: from,
        toStatus: move.to,
        changedAt: new Date(),
        changedBy: move.by,
        reason: move.reason,
      })),
    );
  }
  return rows;
}

function assignments(
  { dataSource }: EntityManager,
  metadata: EntityMetadata,
  { lifecycle, to, set }: Move,
  bind: (value: unknown) => string,
): string {
  const terms = Object.entries({ ...set, [lifecycle.property]: to }).map(([property, value]) => {
    const column = metadata.findColumnWithPropertyName(property);
    if (!column) throw new TypeError(`${metadata.name} has no property ${property}`);
    if (typeof value === 'function') return `"${column.databaseName}" = ${value()}`;
    const bound = bind(dataSource.driver.preparePersistentValue(value, column));
    // SQLite would keep the text as it is, where an insert makes JSONB of it.
    const isText = column.type === 'jsonb' && dataSource.options.type !== 'postgres';
    return `"${column.databaseName}" = ${isText ? `jsonb(${bound})` : bound}`;
  });
  const { updateDateColumn } = metadata;
  if (updateDateColumn) terms.push(`"${updateDateColumn.databaseName}" = ${sqlNow(dataSource)}`);
  return terms.join(', ');
}
