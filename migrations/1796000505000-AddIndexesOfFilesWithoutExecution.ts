import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The checks of the migration before, by table. */
const CHECKS = [
  ['raw_data_file', 'readout_session'],
  ['raw_data_file', 'of_one_execution_or_none'],
  ['raw_data_file', 'found_by_module_or_session'],
  ['executed_obs_unit', 'readout_session'],
] as const;

/** Finds files of which the execution is not known, and keeps their paths apart. */
export class AddIndexesOfFilesWithoutExecution1796000505000 implements MigrationInterface {
  readonly name = 'AddIndexesOfFilesWithoutExecution1796000505000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, check] of CHECKS)
      await queryRunner.query(`ALTER TABLE "${table}" VALIDATE CONSTRAINT "ck_${table}__${check}"`);
    await queryRunner.query(`
      CREATE INDEX CONCURRENTLY "ix_raw_data_file__execution_unknown" ON "raw_data_file" ("recorded_at")
      WHERE "executed_obs_unit_id" IS NULL AND "of_no_execution" = false
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX CONCURRENTLY "uq_raw_data_file__path_without_execution" ON "raw_data_file" ("source_location_id", "relative_path")
      WHERE "executed_obs_unit_id" IS NULL
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX CONCURRENTLY IF EXISTS "uq_raw_data_file__path_without_execution"
    `);
    await queryRunner.query(`
      DROP INDEX CONCURRENTLY IF EXISTS "ix_raw_data_file__execution_unknown"
    `);
  }
}
