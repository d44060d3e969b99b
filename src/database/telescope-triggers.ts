/**
 * What the database holds of the times of a telescope, whoever writes them: slots and executions know their telescope from the
 * modules of their unit and do not overlap, and executions have times that can be true.
 */
import { inSchemaOfTable } from './usage-triggers.js';

/** How far the clock of a writer may be ahead [s]. */
export const TOLERANCE_S = 300;
const TOLERANCE = `${TOLERANCE_S / 60} minutes`;
/** A clock that was not set says 1970, 1980 or 2000. */
const CLOCKS_ARE_SET_FROM = '2020-01-01 00:00:00';
const SQLITE_FORMAT = '%Y-%m-%d %H:%M:%f';

/** Telescope of a unit, and its instrument where it shares the focal plane. A unit of several instruments has all of the plane. */
const PLACE = `min(i.telescope_id) AS telescope_id,
    CASE WHEN max(CASE WHEN u.shares_focal_plane THEN 1 ELSE 0 END) = 1 AND count(DISTINCT i.id) = 1 THEN min(i.id) END AS instrument_id
  FROM obs_unit u
  JOIN obs_unit_module_configuration used ON used.obs_unit_id = u.id
  JOIN instrument_module_configuration c ON c.id = used.module_configuration_id
  JOIN instrument_module m ON m.id = c.instrument_module_id
  JOIN instrument i ON i.id = m.instrument_id`;

/** The place of each unit that has modules. */
export const PLACES = `SELECT u.id AS obs_unit_id, ${PLACE}
  GROUP BY u.id`;

/** The place of one unit; one row, also where the unit has no modules. */
export function placeOf(unit: string): string {
  return `SELECT ${PLACE}
  WHERE u.id = ${unit}`;
}

/** That a row with a start, and an end that may be null, has a moment in common with another time. */
export function haveCommonTime(row: string, start: string, end: string): string {
  return `(${row}.start_time = ${start} OR (${row}.start_time < ${start} AND ${row}.end_time > ${start})
    OR (${row}.start_time > ${start} AND ${row}.start_time < ${end}))`;
}

/** That two rows have some of a focal plane in common. */
export function haveCommonPlane(one: string, other: string): string {
  return `${one}.telescope_id = ${other}.telescope_id
    AND (${one}.instrument_id IS NULL OR ${other}.instrument_id IS NULL OR ${one}.instrument_id = ${other}.instrument_id)`;
}

/** Times that an execution cannot have; slots lie in the future. */
export const IMPOSSIBLE = [
  {
    constraint: 'ck_executed_obs_unit__not_in_future',
    message: `an execution begins and ends by now, by the clock of the database; ${TOLERANCE} ahead are tolerated. Set the clock of the writer`,
    postgresql: `greatest(NEW.start_time, NEW.end_time) >
      greatest(clock_timestamp(), (SELECT max(simulated_until) FROM telescope)) + interval '${TOLERANCE}'`,
    sqlite: `max(NEW.start_time, coalesce(NEW.end_time, NEW.start_time)) > strftime('${SQLITE_FORMAT}',
      max(datetime('now'), coalesce((SELECT max(simulated_until) FROM telescope), '')), '+${TOLERANCE}')`,
  },
  {
    constraint: 'ck_executed_obs_unit__clock_set',
    message: 'an execution begins in 2020 or later; the clock of its writer was not set',
    postgresql: `NEW.start_time < '${CLOCKS_ARE_SET_FROM}+00'::timestamptz`,
    sqlite: `NEW.start_time < '${CLOCKS_ARE_SET_FROM}'`,
  },
  {
    constraint: 'ck_executed_obs_unit__at_most_a_day',
    message: 'an execution lasts at most 24 hours; give its own end',
    postgresql: `NEW.end_time > NEW.start_time + interval '24 hours'`,
    sqlite: `NEW.end_time > strftime('${SQLITE_FORMAT}', NEW.start_time, '+24 hours')`,
  },
];

const TABLES = ['executed_obs_unit', 'pre_scheduled_slot'];
const WRITTEN = 'obs_unit_id, start_time, end_time, telescope_id, instrument_id';
/** Slots are made anew of the unit as it is; executions keep what it was. */
const SLOTS_OF = 'UPDATE pre_scheduled_slot SET telescope_id = telescope_id WHERE obs_unit_id =';

/** Bodies of functions in PL/pgSQL, by name. */
export const TELESCOPE_FUNCTIONS: Readonly<Record<string, string>> = {
  ccat_ops_db_take_telescope: inSchemaOfTable(
    `IF TG_TABLE_NAME = 'executed_obs_unit' AND (TG_OP = 'INSERT' OR ROW(NEW.start_time, NEW.end_time) IS DISTINCT FROM ROW(OLD.start_time, OLD.end_time)) THEN
    ${IMPOSSIBLE.map(
      ({ constraint, message, postgresql }) => `IF ${postgresql} THEN
      RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = '${constraint}', MESSAGE = '${constraint}: ${message}';
    END IF;`,
    ).join('\n    ')}
  END IF;
  SELECT place.telescope_id, place.instrument_id INTO NEW.telescope_id, NEW.instrument_id
  FROM (${placeOf('NEW.obs_unit_id')}) place;`,
    'NEW',
  ),
  ccat_ops_db_place_slots: inSchemaOfTable(`
  IF TG_TABLE_NAME = 'obs_unit' THEN ${SLOTS_OF} NEW.id;
  ELSIF TG_OP = 'DELETE' THEN ${SLOTS_OF} OLD.obs_unit_id;
  ELSE ${SLOTS_OF} NEW.obs_unit_id;
  END IF;`),
};

/** The triggers on PostgreSQL. */
export const TELESCOPE_TRIGGERS = [
  ...TABLES.map((table) => ({
    name: `tr_${table}__telescope`,
    table,
    event: `BEFORE INSERT OR UPDATE OF ${WRITTEN} ON "${table}" FOR EACH ROW`,
    function: 'ccat_ops_db_take_telescope',
  })),
  {
    name: 'tr_obs_unit__slots',
    table: 'obs_unit',
    event: 'AFTER UPDATE OF "shares_focal_plane" ON "obs_unit" FOR EACH ROW',
    function: 'ccat_ops_db_place_slots',
  },
  {
    name: 'tr_obs_unit_module_configuration__slots',
    table: 'obs_unit_module_configuration',
    event: 'AFTER INSERT OR DELETE ON "obs_unit_module_configuration" FOR EACH ROW',
    function: 'ccat_ops_db_place_slots',
  },
];

function raise(constraint: string, message: string): string {
  return `SELECT RAISE(ABORT, '${constraint}: ${message}')`;
}

/** @param condition when the times are looked at */
function impossibleOnSqlite(condition: string): string {
  const checks = IMPOSSIBLE.map(
    ({ constraint, message, sqlite }) => `${raise(constraint, message)} WHERE ${condition} AND ${sqlite};`,
  );
  return checks.join('\n  ');
}

/** An older SQLite that reads the file does not know messages that are put together. */
function triggersOnSqlite(table: string): Readonly<Record<string, string>> {
  const place = `UPDATE ${table} SET (telescope_id, instrument_id) = (${placeOf('NEW.obs_unit_id')}) WHERE id = NEW.id;`;
  const isExecution = table === 'executed_obs_unit';
  const earliest = isExecution
    ? `AND other.start_time > strftime('${SQLITE_FORMAT}', own.start_time, '-24 hours')`
    : '';
  const changed = 'NEW.start_time IS NOT OLD.start_time OR NEW.end_time IS NOT OLD.end_time';
  return {
    [`tr_${table}__telescope_of_new`]: `AFTER INSERT ON ${table} BEGIN
  ${isExecution ? impossibleOnSqlite('TRUE') : ''}
  ${place} END`,
    [`tr_${table}__telescope`]: `AFTER UPDATE OF ${WRITTEN} ON ${table} BEGIN
  ${isExecution ? impossibleOnSqlite(`(${changed})`) : ''}
  ${place}
  ${raise(`ex_${table}__telescope`, `another ${isExecution ? 'execution' : 'slot'} has the telescope at that time`)} WHERE EXISTS (
    SELECT 1 FROM ${table} own JOIN ${table} other ON other.id <> own.id
      AND other.start_time <= coalesce(own.end_time, own.start_time) ${earliest}
    WHERE own.id = NEW.id AND ${haveCommonPlane('own', 'other')} AND ${haveCommonTime('other', 'own.start_time', 'own.end_time')}); END`,
  };
}

/** The triggers on SQLite by name; without their names. */
export const TELESCOPE_TRIGGERS_ON_SQLITE: Readonly<Record<string, string>> = {
  ...triggersOnSqlite('executed_obs_unit'),
  ...triggersOnSqlite('pre_scheduled_slot'),
  tr_obs_unit__slots: `AFTER UPDATE OF shares_focal_plane ON obs_unit BEGIN ${SLOTS_OF} NEW.id; END`,
  tr_obs_unit_module_configuration__slots: `AFTER INSERT ON obs_unit_module_configuration BEGIN ${SLOTS_OF} NEW.obs_unit_id; END`,
  tr_obs_unit_module_configuration__slots_of_gone: `AFTER DELETE ON obs_unit_module_configuration BEGIN ${SLOTS_OF} OLD.obs_unit_id; END`,
};
