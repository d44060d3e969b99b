import { Statement } from '../database/statement.js';
import type { CompiledMove, MoveSource } from './move.js';
import { assignments, conditionsOf, noting } from './move-parts.js';
import { filled } from './parameter.js';

/** Raises an error if no row moved: plain SQL can do so only by a failing conversion. */
const NONE_MOVED = `CASE WHEN count(*) = 0 THEN CAST(count(*) || ' rows moved' AS integer) END`;

/** One statement selects, moves and records, so that no other worker can interfere. */
export function moveOnPostgresql(source: MoveSource): CompiledMove {
  const { metadata, pick, move, returning, from, isDirect, isKept, mustMove } = source;
  // The server reads less of each row that it sorts.
  if (from !== undefined) pick.select('it.id', 'id');
  const [picked, parameters] = pick.getQueryAndParameters();
  const bind = (value: unknown) => `$${parameters.push(value)}`;
  const columns = returning.map(({ databaseName }) => `"${databaseName}"`);
  const own = ['"id" AS "moved_id"', ...columns].map((column) => `"it".${column}`);
  const set = assignments(source, bind);
  const noted = noting(source, bind, {
    id: 'CAST("moved_id" AS text)',
    from: 'CAST("moved_from" AS text)',
    rows: 'moved',
  });
  const update = `UPDATE "${metadata.tablePath}" AS "it" SET ${set}`;
  const before = from === undefined ? 'picked."from"' : `CAST(${bind(from)} AS text)`;
  const returned = `RETURNING ${before} AS "moved_from", ${own.join(', ')}`;
  const moved = isDirect
    ? `moved AS (${update} WHERE ${conditionsOf(source)} ${returned})`
    : `picked AS (${picked} FOR UPDATE OF "it" ${move.skipLocked ? 'SKIP LOCKED' : ''}),
        moved AS (${update} FROM picked WHERE "it"."id" = picked."id" ${returned})`;
  const text = `WITH ${moved}, noted AS (${noted})
    SELECT ${mustMove ? NONE_MOVED : ['"moved_id"', '"moved_from"', ...columns].join(', ')} FROM moved`;
  const statement = new Statement(text, isKept);
  return (values) => [statement, filled(metadata.dataSource, parameters, values)];
}
