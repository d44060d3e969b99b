import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { onDialect } from '../database/dialect.js';
import { withRunner } from '../database/read-runner.js';
import type { Row } from '../database/statement.js';
import { runStep, type Step } from '../database/together.js';
import { moveOnPostgresql } from './move-on-postgresql.js';
import { moveOnSqlite } from './move-on-sqlite.js';
import type { ParameterValues } from './parameter.js';
import type { Lifecycle } from './transitions.js';

/** Further assignments: values by property, or an SQL expression as a function. */
export type Assignments = Readonly<Record<string, unknown | (() => string)>>;

/** A step of rows to a status, from whatever status they have, with its entry in the history. */
export interface Move {
  readonly lifecycle: Lifecycle;
  readonly to: string;
  readonly set: Assignments;
  /** Who moves the rows, for the history. */
  readonly by: unknown;
  /** Why the rows are moved, for the history. */
  readonly reason: unknown;
  /** Skips rows that are locked by another transaction, instead of waiting for it. */
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

/** A move as it is to be compiled. */
export interface MoveSource {
  readonly metadata: EntityMetadata;
  /** Selects from the entity under the alias `it`; it must leave out rows that may not move. */
  readonly pick: SelectQueryBuilder<ObjectLiteral>;
  readonly move: Move;
  /** Columns to return of each moved row, with their new values, after its key and its former status. */
  readonly returning: readonly ColumnMetadata[];
  /** The status that all rows come from, where it is one. */
  readonly from?: string;
  /** Whether rows are moved without being picked first, which takes `from` and a pick without order and limit. */
  readonly isDirect?: boolean;
  /** Whether it is an error of a value when no row moves, so that what is sent together with it is undone. */
  readonly mustMove?: boolean;
  /** Whether the same move comes again with other values for its slots. */
  readonly isKept: boolean;
}

/** Moves rows in one transaction. Its step gives for each its key, its status before, and what was asked for. */
export type CompiledMove = (values: ParameterValues) => Step;

/**
 * Moves the rows that a query picks to another status and notes each step in the history, in one transaction.
 * @param pick selects from the entity under the alias `it`; it must leave out rows that may not move
 * @returns the rows that moved, in no particular order
 */
export async function moveRows(
  manager: EntityManager,
  metadata: EntityMetadata,
  pick: SelectQueryBuilder<ObjectLiteral>,
  move: Move,
): Promise<Moved[]> {
  const step = moveStep(metadata, pick, move);
  return movedOf(await withRunner(manager, (runner) => runStep(runner, step)));
}

/** The step that {@link moveRows} takes. */
export function moveStep(
  metadata: EntityMetadata,
  pick: SelectQueryBuilder<ObjectLiteral>,
  move: Move,
): Step {
  return compiledMove({ metadata, pick, move, returning: [], isKept: false })({});
}

/** The rows that a step moved. */
export function movedOf(rows: readonly Row[]): Moved[] {
  return rows.map(([id, from]) => ({ id, from }) as Moved);
}

/** Size of the cache of compiled moves per entity: more would mean statements that are never used again. */
const MOST_KEPT = 100;

const kept = new WeakMap<EntityMetadata, Map<string, CompiledMove>>();

/**
 * A move that is compiled once, and prepared once by the driver of each connection.
 * @param key tells it from every other move of the entity
 * @param source makes the move the first time; what changes from call to call is a slot in it
 */
export function keptMove(
  metadata: EntityMetadata,
  key: string,
  source: () => Pick<MoveSource, 'pick' | 'move' | 'returning' | 'from' | 'isDirect' | 'mustMove'>,
): CompiledMove {
  const moves = kept.get(metadata) ?? new Map<string, CompiledMove>();
  kept.set(metadata, moves);
  const known = moves.get(key);
  if (known) return known;
  const isKept = moves.size < MOST_KEPT;
  const move = compiledMove({ metadata, ...source(), isKept });
  if (isKept) moves.set(key, move);
  return move;
}

/** Compiles a move. */
export function compiledMove(source: MoveSource): CompiledMove {
  const { pick, move, metadata } = source;
  pick.select('it.id', 'id').addSelect(`it.${move.lifecycle.property}`, 'from');
  return onDialect(metadata.dataSource, { postgresql: moveOnPostgresql, sqlite: moveOnSqlite })(source);
}
