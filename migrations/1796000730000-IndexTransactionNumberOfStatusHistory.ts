import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For those who follow changes. Built concurrently; the rule on the numbers is looked at for all rows, too. */
export class IndexTransactionNumberOfStatusHistory1796000730000 implements MigrationInterface {
  readonly name = 'IndexTransactionNumberOfStatusHistory1796000730000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    await this.down(queryRunner);
    await queryRunner.query(
      `ALTER TABLE "status_history" VALIDATE CONSTRAINT "ck_status_history__transaction_number"`,
    );
    await queryRunner.query(`
      CREATE INDEX CONCURRENTLY "ix_status_history__transaction_number" ON "status_history" ("transaction_number")
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX CONCURRENTLY IF EXISTS "ix_status_history__transaction_number"
    `);
  }
}
