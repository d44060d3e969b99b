/**
 * Keys that a statement on PostgreSQL leaves for those behind it in the same flush: in a setting of the transaction, which a
 * flush outside of one is by itself.
 */

/**
 * Leaves the keys that a query gives in its one column `id`; the query may lock or add their rows. It gives a number, 0 where there
 * are none.
 */
export function leaveKeys(name: string, query: string): string {
  return `WITH found AS MATERIALIZED (${query})
    SELECT coalesce(length(${settingOfKeys(name, 'SELECT CAST(array_agg(id) AS text) FROM found')}), 0)`;
}

/** The expression that leaves a list of keys. @param list a query with one row, the text of an array or null */
export function settingOfKeys(name: string, list: string): string {
  return `set_config('opsdb.${name}', (${list}), true)`;
}

/** A query that gives the keys that were left. @param type of the keys */
export function leftKeys(name: string, type: string): string {
  // Empty where the setting was never set, or in an earlier transaction of the connection.
  return `SELECT unnest(CAST(NULLIF(current_setting('opsdb.${name}', true), '') AS ${type}[]))`;
}
