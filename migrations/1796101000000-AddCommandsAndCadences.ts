import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Seconds from one calibration to the next, by mode. */
const CADENCES_S = { cross_scan: 3600, focus: 7200, skydip: 10800, planet_cal: 43200, retune: 0 };

/** What the container of a software runs, and how often a calibration is asked for. */
export class AddCommandsAndCadences1796101000000 implements MigrationInterface {
  readonly name = 'AddCommandsAndCadences1796101000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "reduction_software_version" ADD "command" jsonb`);
    await queryRunner.query(
      `COMMENT ON COLUMN "reduction_software_version"."command" IS 'Command that the container runs, each argument by itself; null: that of the tool, or else of the image.'`,
    );
    await queryRunner.query(
      `ALTER TABLE "obs_mode" ADD "cadence_s" integer, ADD CONSTRAINT "ck_obs_mode__cadence_s" CHECK ("cadence_s" >= 0 AND "cadence_s" = "cadence_s")`,
    );
    await queryRunner.query(
      `COMMENT ON COLUMN "obs_mode"."cadence_s" IS 'Longest time from one to the next while the instrument observes, 0 before each block [s]; null: not repeated by itself.'`,
    );
    for (const [name, seconds] of Object.entries(CADENCES_S))
      await queryRunner.query(`UPDATE "obs_mode" SET "cadence_s" = $1 WHERE "name" = $2`, [seconds, name]);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "obs_mode" DROP COLUMN "cadence_s"`);
    await queryRunner.query(`ALTER TABLE "reduction_software_version" DROP COLUMN "command"`);
  }
}
