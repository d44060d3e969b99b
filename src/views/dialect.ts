/** Differences of the two databases in the SQL of a view. */
export interface Dialect {
  /** Seconds since 1970 of an instant, to the millisecond. */
  seconds(instant: string): string;
  /** A number as text with six decimals. */
  decimals(number: string): string;
  /** A text as it may stand in the path of a URL (RFC 3986): all but letters, digits and `-._~/` is percent-encoded. */
  urlPath(text: string): string;
}

/** Other programs read the views of a SQLite file, too: only functions that SQLite 3.40 has. */
const sqlite: Dialect = {
  seconds: (instant) => `round((julianday(${instant}) - 2440587.5) * 86400, 3)`,
  decimals: (number) => `printf('%.6f', ${number})`,
  urlPath: (text) => `CASE WHEN ${text} NOT GLOB '*[^A-Za-z0-9._~/-]*' THEN ${text} ELSE (
        WITH RECURSIVE encoded (place, url, letter) AS (
          SELECT 1, '', substr(${text}, 1, 1)
          UNION ALL
          SELECT place + 1, url || CASE WHEN letter GLOB '[A-Za-z0-9._~/-]' THEN letter ELSE
            rtrim('%' || substr(hex(letter), 1, 2) || '%' || substr(hex(letter), 3, 2)
              || '%' || substr(hex(letter), 5, 2) || '%' || substr(hex(letter), 7, 2), '%') END,
            substr(${text}, place + 1, 1)
          FROM encoded WHERE letter <> ''
        )
        SELECT url FROM encoded WHERE letter = ''
      ) END`,
};

const postgresql: Dialect = {
  seconds: (instant) => `CAST(extract(epoch FROM ${instant}) AS double precision)`,
  decimals: (number) => `CAST(round(CAST(${number} AS numeric), 6) AS text)`,
  urlPath: (text) => `CASE WHEN ${text} COLLATE "C" ~ '^[A-Za-z0-9._~/-]*$' THEN ${text} ELSE (
        SELECT string_agg(CASE WHEN letter COLLATE "C" ~ '[A-Za-z0-9._~/-]' THEN letter
          ELSE regexp_replace(upper(encode(convert_to(letter, 'UTF8'), 'hex')), '(..)', '%\\1', 'g') END, '' ORDER BY place)
        FROM regexp_split_to_table(${text}, '') WITH ORDINALITY AS letters (letter, place)
      ) END`,
};

export const DIALECTS: Readonly<Record<'postgresql' | 'sqlite', Dialect>> = {
  postgresql,
  sqlite,
};
