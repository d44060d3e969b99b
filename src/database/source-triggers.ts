/**
 * What both databases do by themselves when a source is written, whoever writes it: they compute the cell of its position, and
 * hold its names and aliases in a table in which each stands once.
 */
import { cellSql } from './sky-cell.js';

const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const BLANKS = [' ', '\t', '\u00a0'];

/** A name as names are compared: without blanks and capitals of ASCII. The databases do the same in their triggers. */
export function comparedName(name: string): string {
  return name.replaceAll(/[ \t\u00a0]/g, '').replaceAll(/[A-Z]/g, (capital) => capital.toLowerCase());
}

const blanks = BLANKS.map((blank) => `chr(${blank.charCodeAt(0)})`).join(' || ');

/** Bodies of functions in PL/pgSQL, by name. The table may lie in a schema that is not on the path of the session. */
export const SOURCE_FUNCTIONS: Readonly<Record<string, string>> = {
  ccat_ops_db_cell: `
BEGIN
  NEW.sky_cell := ${cellSql('NEW.ra_deg', 'NEW.dec_deg')};
  RETURN NEW;
END`,
  ccat_ops_db_source_names: `
BEGIN
  IF TG_OP = 'UPDATE' THEN
    EXECUTE pg_catalog.format('DELETE FROM %I.source_name WHERE source_id = $1', TG_TABLE_SCHEMA) USING NEW.id;
  END IF;
  EXECUTE pg_catalog.format('INSERT INTO %I.source_name (name, source_id)
    SELECT DISTINCT translate(spelled, ''${CAPITALS}'' || ${blanks}, ''${CAPITALS.toLowerCase()}''), $1
    FROM (SELECT $2 AS spelled UNION ALL
      SELECT jsonb_array_elements_text(CASE jsonb_typeof($3) WHEN ''array'' THEN $3 ELSE ''[]'' END)) names', TG_TABLE_SCHEMA)
    USING NEW.id, NEW.name, NEW.aliases;
  RETURN NULL;
END`,
};

/** The triggers on PostgreSQL. */
export const SOURCE_TRIGGERS = [
  {
    name: 'tr_source__cell',
    table: 'source',
    event: 'BEFORE INSERT OR UPDATE ON "source" FOR EACH ROW',
    function: 'ccat_ops_db_cell',
  },
  {
    name: 'tr_executed_obs_unit__cell',
    table: 'executed_obs_unit',
    event: 'BEFORE INSERT OR UPDATE ON "executed_obs_unit" FOR EACH ROW',
    function: 'ccat_ops_db_cell',
  },
  {
    name: 'tr_source__names',
    table: 'source',
    event: 'AFTER INSERT OR UPDATE OF "name", "aliases" ON "source" FOR EACH ROW',
    function: 'ccat_ops_db_source_names',
  },
];

const cell = cellSql('NEW.ra_deg', 'NEW.dec_deg');
const bare = BLANKS.reduce(
  (text, blank) => `replace(${text}, char(${blank.charCodeAt(0)}), '')`,
  'lower(spelled)',
);
const fillNames = `INSERT INTO source_name (name, source_id) SELECT DISTINCT ${bare}, NEW.id
  FROM (SELECT NEW.name AS spelled UNION ALL SELECT value FROM json_each(NEW.aliases));`;

function cellTriggers(table: string): Readonly<Record<string, string>> {
  const change = `WHEN NEW.sky_cell IS NOT ${cell} BEGIN UPDATE ${table} SET sky_cell = ${cell} WHERE id = NEW.id; END`;
  return {
    [`tr_${table}__cell_of_new`]: `AFTER INSERT ON ${table} ${change}`,
    [`tr_${table}__cell`]: `AFTER UPDATE OF ra_deg, dec_deg, sky_cell ON ${table} ${change}`,
  };
}

/** The triggers on SQLite by name; without their names. */
export const SOURCE_TRIGGERS_ON_SQLITE: Readonly<Record<string, string>> = {
  ...cellTriggers('source'),
  ...cellTriggers('executed_obs_unit'),
  tr_source__names_of_new: `AFTER INSERT ON source BEGIN ${fillNames} END`,
  tr_source__names: `AFTER UPDATE OF name, aliases ON source BEGIN
  DELETE FROM source_name WHERE source_id = NEW.id; ${fillNames} END`,
};
