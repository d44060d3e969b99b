import type { DataSource } from 'typeorm';
import { dialectOf } from '../database/dialect.js';
import { StatusHistory } from '../entities/index.js';
import type { MoveSource } from './move.js';
import { Parameter } from './parameter.js';

/** Adds a parameter to a statement and returns its placeholder. */
type Bind = (value: unknown) => string;

/** The assignments behind SET. */
export function assignments({ metadata, move: { lifecycle, to, set } }: MoveSource, bind: Bind): string {
  const { dataSource, updateDateColumn } = metadata;
  const terms = Object.entries({ ...set, [lifecycle.property]: to }).map(([property, value]) => {
    const column = metadata.findColumnWithPropertyName(property);
    if (!column) throw new TypeError(`${metadata.name} has no property ${property}`);
    if (typeof value === 'function') return `"${column.databaseName}" = ${value()}`;
    const written =
      value instanceof Parameter
        ? new Parameter(value.name, column)
        : dataSource.driver.preparePersistentValue(value, column);
    return `"${column.databaseName}" = ${bind(written)}`;
  });
  if (updateDateColumn) terms.push(`"${updateDateColumn.databaseName}" = ${dialectOf(dataSource).now}`);
  return terms.join(', ');
}

/** The conditions of the rows that are picked, with its parameters, for an UPDATE of the same table under the same alias. */
export function conditionsOf({ metadata, pick }: MoveSource): string {
  const before = `SELECT 1 FROM "${metadata.tablePath}" "it" WHERE `;
  const [text] = pick.clone().select('1').getQueryAndParameters();
  if (!text.startsWith(before)) throw new TypeError(`there are no conditions on one table alone in: ${text}`);
  return text.slice(before.length);
}

/**
 * The statement that notes the steps in the history.
 * @param id expressions for the key and the status before
 * @param rows what these are selected from
 */
export function noting(
  { metadata, move: { lifecycle, to, by, reason } }: MoveSource,
  bind: Bind,
  { id, from, rows }: { readonly id: string; readonly from: string; readonly rows: string },
): string {
  const { dataSource } = metadata;
  const text = (value: unknown) => `CAST(${bind(value)} AS text)`;
  const values = [
    text(metadata.name),
    id,
    text(lifecycle.property),
    from,
    text(to),
    dialectOf(dataSource).now,
  ];
  return `INSERT INTO "${historyOf(dataSource)}"
    ("entity", "row_id", "field", "from_status", "to_status", "changed_at", "changed_by", "reason")
    SELECT ${[...values, text(by), text(reason)].join(', ')} FROM ${rows}`;
}

function historyOf(dataSource: DataSource): string {
  return dataSource.getMetadata(StatusHistory).tablePath;
}
