/** URLs where a path or a name is expected: they may contain a password, and are never shown. */

/** Whether a text that should be a path, a host or a name could be a URL with a password, misspelt or misplaced. */
export function couldBeUrl(text: string): boolean {
  return text !== ':memory:' && URL_LIKE.some((sign) => sign.test(text));
}

const URL_LIKE = [
  /:\/\//,
  // A login before a host.
  /:[^@]*@/,
  // A scheme without its colon, or a URL without its scheme.
  /^[^/\\]*\/\//,
  /^["'\s]*(?:postgres|postgresql|psql|pg|sqlite3?|mysql|mariadb|mssql|oracle)(?:\+\w+)?\s*[:;]/i,
  /^[a-z][a-z0-9+.-]+:[^\\]/i,
  /\bpassword\s*=/i,
  // Blanks at the ends come from a copied URL, hardly ever from the name of a file.
  /^\s|\s$/,
];

/** Masks a text that could be a URL, except for its scheme: a password may be anywhere else. */
export function shownUrl(text: string): string {
  const [scheme = ''] =
    /^["'\s]*(?:postgres|postgresql|sqlite|mysql|mariadb|oracle|mssql)\b(?:\+\w+)?/i.exec(text) ?? [];
  return couldBeUrl(text) ? `${scheme.trim()}…` : text;
}
