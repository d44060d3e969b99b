import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the planners and the dispatch refuse is refused here: scans below 20 degrees, and a sidereal window without extent.
 * A unit that has either must be put right first; the message names the constraint.
 */
export class AddScanLimitsAndReadoutNames1796000400001 implements MigrationInterface {
  readonly name = 'AddScanLimitsAndReadoutNames1796000400001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "telescope"
      ADD "settle_time_s" double precision NOT NULL DEFAULT '5'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "telescope"."settle_time_s" IS 'Time from the end of a slew until the telescope stands still [s].'
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module"
      ADD "readout_name" text
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "instrument_module"."readout_name" IS 'Name of the module in what the readout writes, such as 280GHz; null: the same name.'
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      ADD "retune_gap_s" double precision
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "instrument_module_configuration"."retune_gap_s" IS 'Duration of a retune within a scan, in which no data are taken [s]; null: none within a scan.'
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      ADD "retune_duration_s" double precision
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "instrument_module_configuration"."retune_duration_s" IS 'Duration of the retune before each block [s]; null: none between blocks.'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "telescope"."azimuth_speed_max_deg_s" IS 'Largest speed in azimuth that planners use [deg/s].'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "telescope"."azimuth_acceleration_max_deg_s2" IS 'Largest acceleration in azimuth that planners use [deg/s**2].'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "telescope"."elevation_speed_max_deg_s" IS 'Largest speed in elevation that planners use [deg/s].'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "telescope"."elevation_acceleration_max_deg_s2" IS 'Largest acceleration in elevation that planners use [deg/s**2].'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "instrument_module_configuration"."retune_interval_s" IS 'Longest time between two retunes of the detectors within a scan [s]; null: retuned only at the start.'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "observation_configuration"."onsky_velocity_deg_s" IS 'Speed of the scan: of pong and daisy on the sky, at constant elevation of the azimuth axis [deg/s].'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "observation_configuration"."scan_acceleration_deg_s2" IS 'Acceleration: of a daisy at its start, where it is required, otherwise at the turns [deg/s**2]; null: the planner''s default.'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "source"."scan_speed_deg_s" IS 'Speed at which the field is scanned by default; at constant elevation that of the azimuth axis [deg/s]; null: left to the planner.'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "obs_unit"."mapping_parameters" IS 'Parameters of the scan with the keys that the survey planner writes for its mode.'
    `);
    await queryRunner.query(`
      ALTER TABLE "telescope"
      ADD CONSTRAINT "ck_telescope__settle_time_s" CHECK (
        "settle_time_s" >= 0
        AND "settle_time_s" - "settle_time_s" = 0
      )
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module"
      ADD CONSTRAINT "ck_instrument_module__readout_name" CHECK ("readout_name" <> '')
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      ADD CONSTRAINT "ck_instrument_module_configuration__retune_gap_s" CHECK (
        "retune_gap_s" > 0
        AND "retune_gap_s" - "retune_gap_s" = 0
      )
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      ADD CONSTRAINT "ck_instrument_module_configuration__retune_duration_s" CHECK (
        "retune_duration_s" > 0
        AND "retune_duration_s" - "retune_duration_s" = 0
      )
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      ADD CONSTRAINT "ck_obs_unit__lsa_limits_differ" CHECK ("min_lsa" <> "max_lsa")
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      DROP CONSTRAINT "ck_obs_unit__nominal_alt"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      ADD CONSTRAINT "ck_obs_unit__nominal_alt" CHECK (
        "nominal_alt" >= 20
        AND "nominal_alt" <= 90
        AND "nominal_alt" - "nominal_alt" = 0
      )
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      DROP CONSTRAINT "ck_prime_cam_module_configuration__only"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      ADD CONSTRAINT "ck_prime_cam_module_configuration__only" CHECK (
        "type" = 'prime_cam_module_configuration'
        OR (
          "readout_network_count" IS NULL
          AND "sample_rate_hz" IS NULL
          AND "retune_interval_s" IS NULL
          AND "retune_gap_s" IS NULL
          AND "retune_duration_s" IS NULL
        )
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      DROP CONSTRAINT "ck_prime_cam_module_configuration__only"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      ADD CONSTRAINT "ck_prime_cam_module_configuration__only" CHECK (
        "type" = 'prime_cam_module_configuration'
        OR (
          "readout_network_count" IS NULL
          AND "sample_rate_hz" IS NULL
          AND "retune_interval_s" IS NULL
        )
      )
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      DROP CONSTRAINT "ck_obs_unit__lsa_limits_differ"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      DROP CONSTRAINT "ck_instrument_module_configuration__retune_duration_s"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      DROP CONSTRAINT "ck_instrument_module_configuration__retune_gap_s"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module"
      DROP CONSTRAINT "ck_instrument_module__readout_name"
    `);
    await queryRunner.query(`
      ALTER TABLE "telescope"
      DROP CONSTRAINT "ck_telescope__settle_time_s"
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "obs_unit"."mapping_parameters" IS 'Parameters of the scan pattern with the keys of its mode; degrees and seconds.'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "source"."scan_speed_deg_s" IS 'Speed on the sky at which the field is scanned by default [deg/s]; null: left to the planner.'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "observation_configuration"."scan_acceleration_deg_s2" IS 'Acceleration at the turns [deg/s**2]; null: the telescope''s limit.'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "observation_configuration"."onsky_velocity_deg_s" IS 'Speed on the sky [deg/s].'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "instrument_module_configuration"."retune_interval_s" IS 'Longest time between two retunes of the detectors [s]; null: retuned only at the start.'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "telescope"."elevation_acceleration_max_deg_s2" IS 'Largest acceleration in elevation [deg/s**2].'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "telescope"."elevation_speed_max_deg_s" IS 'Largest speed in elevation [deg/s].'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "telescope"."azimuth_acceleration_max_deg_s2" IS 'Largest acceleration in azimuth [deg/s**2].'
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "telescope"."azimuth_speed_max_deg_s" IS 'Largest speed in azimuth [deg/s].'
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      DROP COLUMN "retune_duration_s"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module_configuration"
      DROP COLUMN "retune_gap_s"
    `);
    await queryRunner.query(`
      ALTER TABLE "instrument_module"
      DROP COLUMN "readout_name"
    `);
    await queryRunner.query(`
      ALTER TABLE "telescope"
      DROP COLUMN "settle_time_s"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      DROP CONSTRAINT "ck_obs_unit__nominal_alt"
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      ADD CONSTRAINT "ck_obs_unit__nominal_alt" CHECK (
        "nominal_alt" >= 0
        AND "nominal_alt" <= 90
        AND "nominal_alt" - "nominal_alt" = 0
      )
    `);
  }
}
