import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Slots and executions know the telescope that they take; the rows from before get it in the next migration. */
export class AddTelescopeToTimes1796202000000 implements MigrationInterface {
  readonly name = 'AddTelescopeToTimes1796202000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "telescope"
      ADD "simulated_until" TIMESTAMP(3) WITH TIME ZONE
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "telescope"."simulated_until" IS 'End of the last night that was simulated here, UTC: executions up to then are not in the future; null: none was, as at the observatory.'
    `);
    await queryRunner.query(`
      ALTER TABLE "obs_unit"
      ADD "shares_focal_plane" boolean NOT NULL DEFAULT false
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "obs_unit"."shares_focal_plane" IS 'Whether another instrument may observe through the focal plane at the same time; the unit of that one says so, too.'
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
      ADD "telescope_id" integer
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "executed_obs_unit"."telescope_id" IS 'Telescope whose time it is, kept by the database from the modules of the unit; null: the unit has no modules, or the execution overlapped another one before the database held it.'
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
      ADD "instrument_id" integer
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "executed_obs_unit"."instrument_id" IS 'Instrument that observes beside another one through the focal plane, kept by the database; null: the execution has the whole focal plane.'
    `);
    await queryRunner.query(`
      ALTER TABLE "pre_scheduled_slot"
      ADD "telescope_id" integer
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "pre_scheduled_slot"."telescope_id" IS 'Telescope whose time it is, kept by the database from the modules of the unit; null: the unit has no modules, or the slot overlapped another one before the database held it.'
    `);
    await queryRunner.query(`
      ALTER TABLE "pre_scheduled_slot"
      ADD "instrument_id" integer
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "pre_scheduled_slot"."instrument_id" IS 'Instrument that observes beside another one through the focal plane, kept by the database; null: the slot has the whole focal plane.'
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['pre_scheduled_slot', 'executed_obs_unit'])
      await queryRunner.query(
        `ALTER TABLE "${table}" DROP COLUMN "instrument_id", DROP COLUMN "telescope_id"`,
      );
    await queryRunner.query('ALTER TABLE "obs_unit" DROP COLUMN "shares_focal_plane"');
    await queryRunner.query('ALTER TABLE "telescope" DROP COLUMN "simulated_until"');
  }
}
