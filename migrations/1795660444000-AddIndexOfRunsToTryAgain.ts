import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that have failed for good stay, and are ever more; those to try again are few. Built concurrently. */
export class AddIndexOfRunsToTryAgain1795660444000 implements MigrationInterface {
  readonly name = 'AddIndexOfRunsToTryAgain1795660444000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    // What an earlier try may have left unfinished would count as being there.
    await this.down(queryRunner);
    await queryRunner.query(`
      CREATE INDEX CONCURRENTLY "ix_executed_reduction_step__retryable" ON "executed_reduction_step" ("updated_at")
      WHERE "status" = 'failed' AND "retry_count" < "max_retries"
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX CONCURRENTLY IF EXISTS "ix_executed_reduction_step__retryable"
    `);
  }
}
