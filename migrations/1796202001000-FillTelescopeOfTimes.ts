import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The telescope of the rows from before, without keeping writers waiting. */
export class FillTelescopeOfTimes1796202001000 implements MigrationInterface {
  readonly name = 'FillTelescopeOfTimes1796202001000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['executed_obs_unit', 'pre_scheduled_slot'])
      await queryRunner.query(`
        UPDATE "${table}" time SET "telescope_id" = place.telescope_id
        FROM (
          SELECT used.obs_unit_id, min(i.telescope_id) AS telescope_id
          FROM "obs_unit_module_configuration" used
          JOIN "instrument_module_configuration" c ON c.id = used.module_configuration_id
          JOIN "instrument_module" m ON m.id = c.instrument_module_id
          JOIN "instrument" i ON i.id = m.instrument_id
          GROUP BY used.obs_unit_id
        ) place
        WHERE place.obs_unit_id = time.obs_unit_id AND time."telescope_id" IS NULL
      `);
  }

  /** The column goes with the migration before. */
  async down(): Promise<void> {}
}
