/** The longest path below the root of a location [byte]: the keys of object stores are no longer. */
export const LONGEST_PATH_BYTES = 1024;

/**
 * The check of a relative path, on PostgreSQL: no name that is empty, `.` or `..`, so that joined to a root it never leads
 * out of it, no control character, and a length that an index takes.
 */
export function relativePathOnPostgresql(column: string): string {
  return `${column} !~ '(^|/)\\.{0,2}(/|$)|[\\u0001-\\u001f\\u007f]' AND octet_length(${column}) <= ${LONGEST_PATH_BYTES}`;
}

/** The same on SQLite, which has no regular expressions and takes the character U+0000. */
export function relativePathOnSqlite(column: string): string {
  const names = ['//', '/./', '/../'].map((part) => `'/' || ${column} || '/' NOT GLOB '*${part}*'`);
  const controls = `${column} NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || ']*' AND instr(${column}, char(0)) = 0`;
  return `${names.join(' AND ')} AND ${controls} AND length(CAST(${column} AS BLOB)) <= ${LONGEST_PATH_BYTES}`;
}
