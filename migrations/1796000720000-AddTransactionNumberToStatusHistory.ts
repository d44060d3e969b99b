import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is there already counts as written before everything that is written from now on. */
export class AddTransactionNumberToStatusHistory1796000720000 implements MigrationInterface {
  readonly name = 'AddTransactionNumberToStatusHistory1796000720000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "status_history"
      ADD "transaction_number" bigint NOT NULL DEFAULT '0',
      ADD CONSTRAINT "ck_status_history__transaction_number" CHECK (
        "transaction_number" >= 0
        AND "transaction_number" <= 9007199254740991
        AND "transaction_number" = CAST("transaction_number" AS bigint)
      ) NOT VALID
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "status_history"."transaction_number" IS 'Transaction that wrote the row: 2^40 x timeline of the server + number; 0 on SQLite and before.'
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "status_history" DROP "transaction_number"`);
  }
}
