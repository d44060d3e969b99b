/**
 * Keys that a statement on PostgreSQL leaves for those behind it in the same flush: in a setting of the transaction, which a
 * flush outside of one is by itself.
 */

/**
 * Leaves the keys, UUIDs or numbers, that a query gives in its one column `id`; the query may lock or add their rows. It gives a
 * number, 0 where there are none.
 */
export function leaveKeys(name: string, query: string): string {
  return `WITH found AS MATERIALIZED (${query})
    SELECT coalesce(length(${settingOfKeys(name, `SELECT ${listOf('id')} FROM found`)}), 0)`;
}

/** The expression that leaves a list of keys. @param list a query with one row, the text of an array or null */
export function settingOfKeys(name: string, list: string): string {
  return `set_config('opsdb.${name}', (${list}), true)`;
}

/**
 * The text of an array of what a column has in several rows, without nulls.
 * @param type of the column; the text of UUIDs and numbers is put together, which takes a tenth of the time of an array's own
 */
export function listOf(column: string, type = 'uuid'): string {
  return PLAIN_TYPES.has(type)
    ? `'{' || string_agg(CAST(${column} AS text), ',') || '}'`
    : `CAST(array_agg(${column}) FILTER (WHERE ${column} IS NOT NULL) AS text)`;
}

/** Types whose text means the same within the text of an array. */
const PLAIN_TYPES: ReadonlySet<string> = new Set(['uuid', 'integer', 'bigint', 'smallint']);

/** The condition that a column has one of the keys that were left. @param type of the keys */
export function isLeft(column: string, name: string, type = 'uuid'): string {
  // The sub-select is run once, however many rows are looked at.
  return `${column} = ANY (CAST((SELECT CAST(${textOfKeys(name)} AS ${type}[])) AS ${type}[]))`;
}

/** The condition that a key was left. */
export function anyIsLeft(name: string): string {
  return `${textOfKeys(name)} IS NOT NULL`;
}

function textOfKeys(name: string): string {
  // Empty where the setting was never set, or in an earlier transaction of the connection.
  return `NULLIF(current_setting('opsdb.${name}', true), '')`;
}
