import type { Row } from '../database/statement.js';
import type { SqliteRunner } from '../database/typeorm/sqlite-runner.js';
import type { CompiledMove, MoveSource } from './move.js';
import { assignments, conditionsOf, noting } from './move-parts.js';
import { filled } from './parameter.js';

/** Selects, moves and records synchronously: nothing can interfere, not even within this process. */
export function moveOnSqlite(source: MoveSource): CompiledMove {
  const { metadata, pick, returning, from, isDirect } = source;
  const [picked, pickedBy] = pick.getQueryAndParameters();
  const [movedBy, notedBy]: [unknown[], unknown[]] = [[], []];
  const binding = (parameters: unknown[]) => (value: unknown) => {
    parameters.push(value);
    return '?';
  };
  const own = returning.map(({ databaseName }) => `"${databaseName}"`);
  const columns = ['"id"', ...own];
  const update = `UPDATE "${metadata.tablePath}" AS "it" SET ${assignments(source, binding(movedBy))}`;
  const returned = `RETURNING ${columns.join(', ')}`;
  const moved = `${update} WHERE "id" IN (SELECT value ->> 0 FROM json_each(?)) ${returned}`;
  const movedAtOnce = isDirect && `${update} WHERE ${conditionsOf(source)} ${returned}`;
  const noted = noting(source, binding(notedBy), {
    id: 'CAST(value ->> 0 AS text)',
    from: 'value ->> 1',
    rows: 'json_each(?)',
  });
  return (values) => (runner) =>
    (runner as SqliteRunner).inOneGo((all) => {
      const fill = (parameters: readonly unknown[]) => filled(runner.dataSource, parameters, values);
      if (movedAtOnce) {
        const after = all(movedAtOnce, fill([...movedBy, ...pickedBy]));
        const list = JSON.stringify(after.map(([id]) => [id, from]));
        if (after.length > 0) all(noted, [...fill(notedBy), list]);
        return after.map(([id, ...own]): Row => [id, from, ...own]);
      }
      const rows = all(picked, fill(pickedBy));
      if (rows.length === 0) return [];
      const list = JSON.stringify(rows);
      const before = new Map(rows.map(([id, from]) => [id, from]));
      const after = all(moved, [...fill(movedBy), list]);
      all(noted, [...fill(notedBy), list]);
      return after.map(([id, ...own]): Row => [id, before.get(id), ...own]);
    });
}
