import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds files of which the execution is not known, and keeps their paths apart. */
export class AddIndexesOfFilesWithoutExecution1796000505000 implements MigrationInterface {
  readonly name = 'AddIndexesOfFilesWithoutExecution1796000505000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
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
