/*
 * What lies at each location is counted where copies are made and ended, whoever does it: triggers add entries to
 * `location_usage_entry`, whose sum is what lies there. Entries are only added, so that writers never wait for each other as they
 * would at a counter. Each 64th entry folds what has come together; it passes over what somebody else is folding.
 */

/** The tables whose rows have copies; `physical_copy` has a column and a type for each. */
export const COPY_SUBJECTS = ['raw_data_file', 'raw_data_package', 'data_transfer_package', 'data_product'];

const COLUMNS = 'data_location_id, copy_type, copy_status, copies, bytes';

/** Entries between two foldings. */
const FOLDED_AT = 64;

/** The bytes that a copy takes. A staged package is unpacked, and its tar is gone. */
export function bytesOfCopy(copy: string): string {
  const sizes = COPY_SUBJECTS.map(
    (table) =>
      `WHEN '${table}_physical_copy' THEN (SELECT size_bytes FROM ${table} WHERE id = ${copy}.${table}_id)`,
  );
  return `CASE WHEN ${copy}.status = 'staged' THEN 0 ELSE coalesce(CASE ${copy}.type ${sizes.join(' ')} END, 0) END`;
}

/** Rows in the form of copies with their number and bytes; deleted ones are nowhere. */
function counted(rows: string, sign: '' | '-' = ''): string {
  return `SELECT it.data_location_id, CAST(it.type AS text) AS copy_type, CAST(it.status AS text) AS copy_status,
    ${sign}1 AS copies, ${sign}(${bytesOfCopy('it')}) AS bytes
  FROM ${rows} it WHERE it.status <> 'deleted'`;
}

/** What entries have to say so that their sum is that of some rows. */
function summed(rows: string): string {
  return `SELECT data_location_id, copy_type, copy_status, sum(copies) AS copies, sum(bytes) AS bytes
  FROM (${rows}) AS changed GROUP BY data_location_id, copy_type, copy_status
  HAVING sum(copies) <> 0 OR sum(bytes) <> 0`;
}

/**
 * The difference between entries and copies, which is to be added to the entries. One statement sees one snapshot. Sizes are looked
 * up: in a join PostgreSQL would read all files, since it expects that most of their copies are held.
 */
export const USAGE_DIFFERENCE = summed(
  `${counted('physical_copy')} UNION ALL
  SELECT data_location_id, copy_type, copy_status, -copies, -bytes FROM location_usage_entry`,
);

/** Adds to the entries what they lack of the copies themselves. */
export const RECOUNT_USAGE = `INSERT INTO location_usage_entry (${COLUMNS}) ${USAGE_DIFFERENCE}`;

const onPostgresql = (rows: string) =>
  `INSERT INTO location_usage_entry (${COLUMNS}) ${summed(rows)}`.replaceAll('\n', '\n      ');

/** A body in PL/pgSQL that runs in the schema of the table, wherever the search path of the session leads. */
export const inSchemaOfTable = (body: string, result: 'NULL' | 'NEW' = 'NULL') => `
DECLARE
  outer_path text := pg_catalog.current_setting('search_path');
BEGIN
  PERFORM pg_catalog.set_config('search_path', pg_catalog.quote_ident(TG_TABLE_SCHEMA) || ', pg_temp', true);
  ${body.trim()}
  PERFORM pg_catalog.set_config('search_path', outer_path, true);
  RETURN ${result};
END`;

/** Functions of PostgreSQL by name, each with its body in PL/pgSQL. */
export const USAGE_FUNCTIONS: Readonly<Record<string, string>> = {
  ccat_ops_db_count_copies: inSchemaOfTable(`
  IF TG_OP = 'INSERT' THEN
    ${onPostgresql(counted('arrived'))};
  ELSIF TG_OP = 'UPDATE' THEN
    ${onPostgresql(`${counted('arrived')} UNION ALL ${counted('gone', '-')}`)};
  ELSIF TG_OP = 'DELETE' THEN
    ${onPostgresql(counted('gone', '-'))};
  ELSE
    DELETE FROM location_usage_entry;
  END IF;`),
  ccat_ops_db_count_size: inSchemaOfTable(`
  ${COPY_SUBJECTS.map(
    (table) => `IF TG_TABLE_NAME = '${table}' THEN
    INSERT INTO location_usage_entry (${COLUMNS})
      SELECT it.data_location_id, CAST(it.type AS text), CAST(it.status AS text), 0,
        coalesce(NEW.size_bytes, 0) - coalesce(OLD.size_bytes, 0)
      FROM physical_copy it WHERE it.${table}_id = NEW.id AND it.status NOT IN ('deleted', 'staged');
  END IF;`,
  ).join('\n  ')}`),
  // Under other isolation levels a row that somebody else has folded in the meantime would be an error.
  ccat_ops_db_fold_usage: inSchemaOfTable(`
  IF pg_catalog.current_setting('transaction_isolation') = 'read committed' THEN
    WITH folded AS (
      DELETE FROM location_usage_entry WHERE id IN (
        SELECT id FROM location_usage_entry WHERE (data_location_id, copy_type, copy_status) IN (
          SELECT data_location_id, copy_type, copy_status FROM location_usage_entry GROUP BY 1, 2, 3 HAVING count(*) > 1
        ) ORDER BY id LIMIT 10000 FOR UPDATE SKIP LOCKED
      ) RETURNING ${COLUMNS}
    )
    ${onPostgresql('SELECT * FROM folded')};
  END IF;`),
};

/** Triggers of PostgreSQL: name, table, event, function. */
export const USAGE_TRIGGERS: readonly {
  readonly name: string;
  readonly table: string;
  readonly event: string;
  readonly function: string;
}[] = [
  ...[
    ['insert', 'INSERT', 'REFERENCING NEW TABLE AS arrived'],
    ['update', 'UPDATE', 'REFERENCING OLD TABLE AS gone NEW TABLE AS arrived'],
    ['delete', 'DELETE', 'REFERENCING OLD TABLE AS gone'],
    ['truncate', 'TRUNCATE', ''],
  ].map(([name, event, tables]) => ({
    name: `tr_physical_copy__count_${name}`,
    table: 'physical_copy',
    event: `AFTER ${event} ON "physical_copy" ${tables} FOR EACH STATEMENT`,
    function: 'ccat_ops_db_count_copies',
  })),
  ...COPY_SUBJECTS.map((table) => ({
    name: `tr_${table}__count_size`,
    table,
    event: `AFTER UPDATE OF "size_bytes" ON "${table}" FOR EACH ROW WHEN (OLD."size_bytes" IS DISTINCT FROM NEW."size_bytes")`,
    function: 'ccat_ops_db_count_size',
  })),
  {
    name: 'tr_location_usage_entry__fold',
    table: 'location_usage_entry',
    event: `AFTER INSERT ON "location_usage_entry" FOR EACH ROW WHEN (NEW."id" % ${FOLDED_AT} = 0)`,
    function: 'ccat_ops_db_fold_usage',
  },
];

/** On SQLite there is one writer at a time: one entry for each location, type and status is changed. */
function onSqlite(row: 'NEW' | 'OLD', sign: '' | '-'): string {
  const bytes = `${sign}(${bytesOfCopy(row)})`;
  return `UPDATE location_usage_entry SET copies = copies + ${sign}1, bytes = bytes + ${bytes}
    WHERE id = (SELECT min(id) FROM location_usage_entry WHERE data_location_id = ${row}.data_location_id
      AND copy_type = ${row}.type AND copy_status = ${row}.status) AND ${row}.status <> 'deleted';
  INSERT INTO location_usage_entry (${COLUMNS})
    SELECT ${row}.data_location_id, ${row}.type, ${row}.status, ${sign}1, ${bytes}
    WHERE changes() = 0 AND ${row}.status <> 'deleted';`;
}

const IS_MOVED = ['status', 'data_location_id', 'type', ...COPY_SUBJECTS.map((table) => `${table}_id`)]
  .map((column) => `OLD.${column} IS NOT NEW.${column}`)
  .join(' OR ');

/** Statements that make the triggers of SQLite, by the name of the trigger. */
export const USAGE_TRIGGERS_OF_SQLITE: Readonly<Record<string, string>> = {
  tr_physical_copy__count_insert: `AFTER INSERT ON "physical_copy" BEGIN ${onSqlite('NEW', '')} END`,
  tr_physical_copy__count_update: `AFTER UPDATE ON "physical_copy" WHEN ${IS_MOVED} BEGIN
  ${onSqlite('OLD', '-')}
  ${onSqlite('NEW', '')}
END`,
  tr_physical_copy__count_delete: `AFTER DELETE ON "physical_copy" BEGIN ${onSqlite('OLD', '-')} END`,
  ...Object.fromEntries(
    COPY_SUBJECTS.map((table) => [
      `tr_${table}__count_size`,
      `AFTER UPDATE OF "size_bytes" ON "${table}" WHEN OLD.size_bytes IS NOT NEW.size_bytes BEGIN
  INSERT INTO location_usage_entry (${COLUMNS})
    SELECT data_location_id, type, status, 0, coalesce(NEW.size_bytes, 0) - coalesce(OLD.size_bytes, 0)
    FROM physical_copy WHERE ${table}_id = NEW.id AND status NOT IN ('deleted', 'staged');
END`,
    ]),
  ),
};
