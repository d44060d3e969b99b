import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sources and executions get the cell of their position, and each name and alias of a source stands once. */
export class FindByPlaceAndName1796106000000 implements MigrationInterface {
  readonly name = 'FindByPlaceAndName1796106000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE "source_name" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "name" text NOT NULL,
        "source_id" integer NOT NULL,
        CONSTRAINT "uq_source_name__name" UNIQUE ("name"),
        CONSTRAINT "ck_source_name__name" CHECK ("name" <> ''),
        CONSTRAINT "pk_source_name" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "source_name"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "source_name"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "source_name"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "source_name"."name" IS 'Name or alias without blanks, in small letters.';

      COMMENT ON COLUMN "source_name"."source_id" IS 'Source of that name.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_source_name__source_id" ON "source_name" ("source_id")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "source_name" IS 'A name or alias of a source as names are compared, each once, kept by the database.'
    `);
    await queryRunner.query(`
      ALTER TABLE "source"
      ADD "sky_cell" integer
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "source"."sky_cell" IS 'HEALPix cell of the position, ring scheme, 256 along a side of a face, kept by the database; null: not computed yet.'
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
      ADD "ra_deg" double precision
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "executed_obs_unit"."ra_deg" IS 'Right ascension of a target that moves, at the start, ICRS [deg]; null: that of the source, or not known.'
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
      ADD "dec_deg" double precision
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "executed_obs_unit"."dec_deg" IS 'Declination of a target that moves, at the start, ICRS [deg]; null: that of the source, or not known.'
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
      ADD "sky_cell" integer
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "executed_obs_unit"."sky_cell" IS 'HEALPix cell of that position, ring scheme, 256 along a side of a face, kept by the database; null: no position.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_source__field" ON "source" ("id")
      WHERE
        "type" = 'constant_elevation_source'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_source__sky_cell" ON "source" ("sky_cell")
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_executed_obs_unit__sky_cell" ON "executed_obs_unit" ("sky_cell")
    `);
    await queryRunner.query(`
      ALTER TABLE "source"
      ADD CONSTRAINT "ck_source__sky_cell" CHECK (
        "sky_cell" >= 0
        AND "sky_cell" < 786432
        AND "sky_cell" = CAST("sky_cell" AS integer)
      )
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
      ADD CONSTRAINT "ck_executed_obs_unit__ra_deg" CHECK (
        "ra_deg" >= 0
        AND "ra_deg" < 360
        AND "ra_deg" - "ra_deg" = 0
      )
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
      ADD CONSTRAINT "ck_executed_obs_unit__dec_deg" CHECK (
        "dec_deg" >= -90
        AND "dec_deg" <= 90
        AND "dec_deg" - "dec_deg" = 0
      )
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
      ADD CONSTRAINT "ck_executed_obs_unit__sky_cell" CHECK (
        "sky_cell" >= 0
        AND "sky_cell" < 786432
        AND "sky_cell" = CAST("sky_cell" AS integer)
      )
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
      ADD CONSTRAINT "ck_executed_obs_unit__position_whole" CHECK (("ra_deg" IS NULL) = ("dec_deg" IS NULL))
    `);
    await queryRunner.query(`
      ALTER TABLE "source_name"
      ADD CONSTRAINT "fk_source_name__source_id" FOREIGN KEY ("source_id") REFERENCES "source" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await this.onlyFixed(queryRunner, ['ra_deg', 'dec_deg', 'sky_cell', ...OTHERS]);
    for (const [name, body] of Object.entries(FUNCTIONS))
      await queryRunner.query(
        `CREATE OR REPLACE FUNCTION "${name}"() RETURNS trigger LANGUAGE plpgsql AS $body$${body}$body$`,
      );
    for (const { table, name, event, action } of TRIGGERS)
      await queryRunner.query(
        `CREATE TRIGGER "tr_${table}__${name}" ${event} EXECUTE FUNCTION "ccat_ops_db_${action}"()`,
      );
    await queryRunner.query('UPDATE "source" SET "sky_cell" = 0 WHERE "ra_deg" IS NOT NULL');
    // What two sources call themselves stays with the first; the other one keeps it among its aliases until it is changed.
    for (const names of ['SELECT "id", "name"', 'SELECT "id", jsonb_array_elements_text("aliases")'])
      await queryRunner.query(`
        INSERT INTO "source_name" ("name", "source_id")
        SELECT translate(spelled, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' || chr(32) || chr(9) || chr(160), 'abcdefghijklmnopqrstuvwxyz'), id
        FROM (${names} FROM "source" ORDER BY "id") AS names (id, spelled)
        ON CONFLICT DO NOTHING
      `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { table, name } of TRIGGERS)
      await queryRunner.query(`DROP TRIGGER "tr_${table}__${name}" ON "${table}"`);
    for (const name of Object.keys(FUNCTIONS)) await queryRunner.query(`DROP FUNCTION "${name}"()`);
    await this.onlyFixed(queryRunner, ['ra_deg', 'dec_deg', ...OTHERS]);
    await queryRunner.query('ALTER TABLE "source" DROP COLUMN "sky_cell"');
    await queryRunner.query('DROP INDEX "ix_source__field"');
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit" DROP CONSTRAINT "ck_executed_obs_unit__position_whole",
        DROP COLUMN "ra_deg", DROP COLUMN "dec_deg", DROP COLUMN "sky_cell"
    `);
    await queryRunner.query('DROP TABLE "source_name"');
  }

  /** Columns that are null in rows of other sources. */
  private async onlyFixed(queryRunner: QueryRunner, columns: readonly string[]): Promise<void> {
    const empty = columns.map((column) => `"${column}" IS NULL`).join(' AND ');
    await queryRunner.query(`
      ALTER TABLE "source" DROP CONSTRAINT "ck_fixed_source__only",
        ADD CONSTRAINT "ck_fixed_source__only" CHECK ("type" = 'fixed_source' OR (${empty}))
    `);
  }
}

const OTHERS = [
  'coordinates_as_given',
  'proper_motion_ra_mas_yr',
  'proper_motion_dec_mas_yr',
  'velocity_kms',
  'velocity_frame',
  'velocity_convention',
  'flux_jy',
  'flux_wavelength_um',
  'off_longitude_arcsec',
  'off_latitude_arcsec',
  'off_frame',
];

const FUNCTIONS: Readonly<Record<string, string>> = {
  ccat_ops_db_cell: `
BEGIN
  NEW.sky_cell := CAST(CASE WHEN abs(sin(radians(NEW.dec_deg))) * 3 <= 2 THEN 130560 + (256 + floor(256 * (0.5 + (NEW.ra_deg / 90.0) - 0.75 * sin(radians(NEW.dec_deg)))) - floor(256 * (0.5 + (NEW.ra_deg / 90.0) + 0.75 * sin(radians(NEW.dec_deg))))) * 1024 + (floor((floor(256 * (0.5 + (NEW.ra_deg / 90.0) - 0.75 * sin(radians(NEW.dec_deg)))) + floor(256 * (0.5 + (NEW.ra_deg / 90.0) + 0.75 * sin(radians(NEW.dec_deg)))) - 256 + (1 - ((256 + 1 + floor(256 * (0.5 + (NEW.ra_deg / 90.0) - 0.75 * sin(radians(NEW.dec_deg)))) - floor(256 * (0.5 + (NEW.ra_deg / 90.0) + 0.75 * sin(radians(NEW.dec_deg))))) - 2 * floor((256 + 1 + floor(256 * (0.5 + (NEW.ra_deg / 90.0) - 0.75 * sin(radians(NEW.dec_deg)))) - floor(256 * (0.5 + (NEW.ra_deg / 90.0) + 0.75 * sin(radians(NEW.dec_deg))))) / 2))) + 1) / 2) - 1024 * floor(floor((floor(256 * (0.5 + (NEW.ra_deg / 90.0) - 0.75 * sin(radians(NEW.dec_deg)))) + floor(256 * (0.5 + (NEW.ra_deg / 90.0) + 0.75 * sin(radians(NEW.dec_deg)))) - 256 + (1 - ((256 + 1 + floor(256 * (0.5 + (NEW.ra_deg / 90.0) - 0.75 * sin(radians(NEW.dec_deg)))) - floor(256 * (0.5 + (NEW.ra_deg / 90.0) + 0.75 * sin(radians(NEW.dec_deg))))) - 2 * floor((256 + 1 + floor(256 * (0.5 + (NEW.ra_deg / 90.0) - 0.75 * sin(radians(NEW.dec_deg)))) - floor(256 * (0.5 + (NEW.ra_deg / 90.0) + 0.75 * sin(radians(NEW.dec_deg))))) / 2))) + 1) / 2) / 1024)) ELSE CASE WHEN sin(radians(NEW.dec_deg)) > 0 THEN 2 * (floor(((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + floor((1 - ((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0)))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + 1) * ((floor(((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + floor((1 - ((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0)))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + 1) - 1) + floor((NEW.ra_deg / 90.0) * (floor(((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + floor((1 - ((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0)))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + 1)) ELSE 786432 - 2 * (floor(((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + floor((1 - ((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0)))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + 1) * ((floor(((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + floor((1 - ((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0)))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + 1) + 1) + floor((NEW.ra_deg / 90.0) * (floor(((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + floor((1 - ((NEW.ra_deg / 90.0) - floor((NEW.ra_deg / 90.0)))) * (256 * sqrt(3 * (1 - abs(sin(radians(NEW.dec_deg))))))) + 1)) END END AS integer);
  RETURN NEW;
END`,
  ccat_ops_db_source_names: `
BEGIN
  IF TG_OP = 'UPDATE' THEN
    EXECUTE pg_catalog.format('DELETE FROM %I.source_name WHERE source_id = $1', TG_TABLE_SCHEMA) USING NEW.id;
  END IF;
  EXECUTE pg_catalog.format('INSERT INTO %I.source_name (name, source_id)
    SELECT DISTINCT translate(spelled, ''ABCDEFGHIJKLMNOPQRSTUVWXYZ'' || chr(32) || chr(9) || chr(160), ''abcdefghijklmnopqrstuvwxyz''), $1
    FROM (SELECT $2 AS spelled UNION ALL
      SELECT jsonb_array_elements_text(CASE jsonb_typeof($3) WHEN ''array'' THEN $3 ELSE ''[]'' END)) names', TG_TABLE_SCHEMA)
    USING NEW.id, NEW.name, NEW.aliases;
  RETURN NULL;
END`,
};

const TRIGGERS = [
  {
    table: 'source',
    name: 'cell',
    event: 'BEFORE INSERT OR UPDATE ON "source" FOR EACH ROW',
    action: 'cell',
  },
  {
    table: 'executed_obs_unit',
    name: 'cell',
    event: 'BEFORE INSERT OR UPDATE ON "executed_obs_unit" FOR EACH ROW',
    action: 'cell',
  },
  {
    table: 'source',
    name: 'names',
    event: 'AFTER INSERT OR UPDATE OF "name", "aliases" ON "source" FOR EACH ROW',
    action: 'source_names',
  },
];
