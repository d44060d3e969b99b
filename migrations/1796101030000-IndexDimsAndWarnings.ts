import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = {
  ix_data_product__dims: '"data_product" USING gin ("dims")',
  ix_executed_reduction_step__dims: '"executed_reduction_step" USING gin ("dims")',
  ix_executed_reduction_step__with_warnings:
    '"executed_reduction_step" ("input_set_id") WHERE "with_warnings"',
};

/** Runs and products are found by their dimensions, and runs that completed with warnings. Built concurrently. */
export class IndexDimsAndWarnings1796101030000 implements MigrationInterface {
  readonly name = 'IndexDimsAndWarnings1796101030000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    // What an earlier try may have left unfinished would count as being there.
    await this.down(queryRunner);
    for (const [name, what] of Object.entries(INDEXES))
      await queryRunner.query(`CREATE INDEX CONCURRENTLY "${name}" ON ${what}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of Object.keys(INDEXES))
      await queryRunner.query(`DROP INDEX CONCURRENTLY IF EXISTS "${name}"`);
  }
}
