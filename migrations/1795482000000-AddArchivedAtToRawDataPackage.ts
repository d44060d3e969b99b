import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Packages say when they were archived. The next migration fills it in, without the lock that this one takes. */
export class AddArchivedAtToRawDataPackage1795482000000 implements MigrationInterface {
  readonly name = 'AddArchivedAtToRawDataPackage1795482000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "raw_data_package" ADD "archived_at" TIMESTAMP(3) WITH TIME ZONE
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "raw_data_package"."archived_at"
        IS 'When the package was archived first, UTC; null: it is in no archive.'
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "raw_data_package" DROP COLUMN "archived_at"
    `);
  }
}
