import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FillTelescopeOfTimes1796202001000 } from './1796202001000-FillTelescopeOfTimes.js';

/** Tables with times of a telescope. */
const TABLES = ['executed_obs_unit', 'pre_scheduled_slot'];

/**
 * Times of one telescope do not overlap, and executions are not in the future. A row from before that begins within an earlier
 * one keeps its times and has no telescope, so that nothing is refused; `opsdb check` names it until it is mended.
 */
export class HoldTimesOfTelescopes1796202002000 implements MigrationInterface {
  readonly name = 'HoldTimesOfTelescopes1796202002000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'LOCK TABLE "executed_obs_unit", "pre_scheduled_slot" IN SHARE ROW EXCLUSIVE MODE',
    );
    // What was written since the migration before.
    await new FillTelescopeOfTimes1796202001000().up(queryRunner);
    for (const table of TABLES) {
      await queryRunner.query(`
        UPDATE "${table}" time SET "telescope_id" = NULL
        FROM (
          SELECT "id", "start_time",
            max(greatest("start_time", "end_time")) OVER earlier AS busy_until,
            lag("start_time") OVER (PARTITION BY "telescope_id" ORDER BY "start_time", "id") AS previous_start
          FROM "${table}" WHERE "telescope_id" IS NOT NULL
          WINDOW earlier AS (
            PARTITION BY "telescope_id" ORDER BY "start_time", "id" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          )
        ) found
        WHERE found.id = time.id
          AND (found.busy_until > found.start_time OR found.previous_start = found.start_time)
      `);
      await queryRunner.query(`
        ALTER TABLE "${table}" ADD CONSTRAINT "ex_${table}__telescope" EXCLUDE USING gist (
          int4range("telescope_id", "telescope_id", '[]') WITH &&,
          int4range("instrument_id", "instrument_id", '[]') WITH &&,
          tstzrange("start_time", greatest("start_time", "end_time"), CASE WHEN "end_time" > "start_time" THEN '[)' ELSE '[]' END) WITH &&
        ) WHERE ("telescope_id" IS NOT NULL)
      `);
    }
    for (const [name, body] of Object.entries(FUNCTIONS))
      await queryRunner.query(
        `CREATE OR REPLACE FUNCTION "${name}"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $body$${body}$body$`,
      );
    for (const { name, event, action } of TRIGGERS)
      await queryRunner.query(`CREATE TRIGGER "${name}" ${event} EXECUTE FUNCTION "${action}"()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { name, table } of TRIGGERS) await queryRunner.query(`DROP TRIGGER "${name}" ON "${table}"`);
    for (const name of Object.keys(FUNCTIONS)) await queryRunner.query(`DROP FUNCTION "${name}"()`);
    for (const table of TABLES)
      await queryRunner.query(`ALTER TABLE "${table}" DROP CONSTRAINT "ex_${table}__telescope"`);
  }
}

const FUNCTIONS: Readonly<Record<string, string>> = {
  ccat_ops_db_take_telescope: `
DECLARE
  outer_path text := pg_catalog.current_setting('search_path');
BEGIN
  PERFORM pg_catalog.set_config('search_path', pg_catalog.quote_ident(TG_TABLE_SCHEMA) || ', pg_temp', true);
  IF TG_TABLE_NAME = 'executed_obs_unit' AND (TG_OP = 'INSERT' OR ROW(NEW.start_time, NEW.end_time) IS DISTINCT FROM ROW(OLD.start_time, OLD.end_time)) THEN
    IF greatest(NEW.start_time, NEW.end_time) >
      greatest(clock_timestamp(), (SELECT max(simulated_until) FROM telescope)) + interval '5 minutes' THEN
      RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'ck_executed_obs_unit__not_in_future', MESSAGE = 'ck_executed_obs_unit__not_in_future: an execution begins and ends by now, by the clock of the database; 5 minutes ahead are tolerated. Set the clock of the writer';
    END IF;
    IF NEW.start_time < '2020-01-01 00:00:00+00'::timestamptz THEN
      RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'ck_executed_obs_unit__clock_set', MESSAGE = 'ck_executed_obs_unit__clock_set: an execution begins in 2020 or later; the clock of its writer was not set';
    END IF;
    IF NEW.end_time > NEW.start_time + interval '24 hours' THEN
      RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'ck_executed_obs_unit__at_most_a_day', MESSAGE = 'ck_executed_obs_unit__at_most_a_day: an execution lasts at most 24 hours; give its own end';
    END IF;
  END IF;
  SELECT place.telescope_id, place.instrument_id INTO NEW.telescope_id, NEW.instrument_id
  FROM (SELECT min(i.telescope_id) AS telescope_id,
    CASE WHEN max(CASE WHEN u.shares_focal_plane THEN 1 ELSE 0 END) = 1 AND count(DISTINCT i.id) = 1 THEN min(i.id) END AS instrument_id
  FROM obs_unit u
  JOIN obs_unit_module_configuration used ON used.obs_unit_id = u.id
  JOIN instrument_module_configuration c ON c.id = used.module_configuration_id
  JOIN instrument_module m ON m.id = c.instrument_module_id
  JOIN instrument i ON i.id = m.instrument_id
  WHERE u.id = NEW.obs_unit_id) place;
  PERFORM pg_catalog.set_config('search_path', outer_path, true);
  RETURN NEW;
END`,
  ccat_ops_db_place_slots: `
DECLARE
  outer_path text := pg_catalog.current_setting('search_path');
BEGIN
  PERFORM pg_catalog.set_config('search_path', pg_catalog.quote_ident(TG_TABLE_SCHEMA) || ', pg_temp', true);
  IF TG_TABLE_NAME = 'obs_unit' THEN UPDATE pre_scheduled_slot SET telescope_id = telescope_id WHERE obs_unit_id = NEW.id;
  ELSIF TG_OP = 'DELETE' THEN UPDATE pre_scheduled_slot SET telescope_id = telescope_id WHERE obs_unit_id = OLD.obs_unit_id;
  ELSE UPDATE pre_scheduled_slot SET telescope_id = telescope_id WHERE obs_unit_id = NEW.obs_unit_id;
  END IF;
  PERFORM pg_catalog.set_config('search_path', outer_path, true);
  RETURN NULL;
END`,
};

const TRIGGERS = [
  {
    name: 'tr_executed_obs_unit__telescope',
    table: 'executed_obs_unit',
    event:
      'BEFORE INSERT OR UPDATE OF obs_unit_id, start_time, end_time, telescope_id, instrument_id ON "executed_obs_unit" FOR EACH ROW',
    action: 'ccat_ops_db_take_telescope',
  },
  {
    name: 'tr_pre_scheduled_slot__telescope',
    table: 'pre_scheduled_slot',
    event:
      'BEFORE INSERT OR UPDATE OF obs_unit_id, start_time, end_time, telescope_id, instrument_id ON "pre_scheduled_slot" FOR EACH ROW',
    action: 'ccat_ops_db_take_telescope',
  },
  {
    name: 'tr_obs_unit__slots',
    table: 'obs_unit',
    event: 'AFTER UPDATE OF "shares_focal_plane" ON "obs_unit" FOR EACH ROW',
    action: 'ccat_ops_db_place_slots',
  },
  {
    name: 'tr_obs_unit_module_configuration__slots',
    table: 'obs_unit_module_configuration',
    event: 'AFTER INSERT OR DELETE ON "obs_unit_module_configuration" FOR EACH ROW',
    action: 'ccat_ops_db_place_slots',
  },
];
