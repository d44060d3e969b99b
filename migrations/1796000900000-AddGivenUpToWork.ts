import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  'data_transfer_package',
  'raw_data_package',
  'executed_reduction_step',
  'data_transfer',
  'data_transfer_unpacking',
  'long_term_archive_transfer',
  'staging_job',
];

/** Failed work can be given up. The checks hold for new rows; the next migration looks at those that were there. */
export class AddGivenUpToWork1796000900000 implements MigrationInterface {
  readonly name = 'AddGivenUpToWork1796000900000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await queryRunner.query(`
        ALTER TABLE "${table}" ADD "given_up_at" TIMESTAMP(3) WITH TIME ZONE, ADD "given_up_by" text,
          ADD CONSTRAINT "ck_${table}__given_up_by" CHECK ("given_up_by" <> '') NOT VALID
      `);
      await queryRunner.query(`
        COMMENT ON COLUMN "${table}"."given_up_at"
          IS 'When work that had failed was given up, UTC: it is never tried again, and holds no copies any more; null: it was not given up.'
      `);
      await queryRunner.query(`
        COMMENT ON COLUMN "${table}"."given_up_by" IS 'Who gave the work up; null: nobody.'
      `);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await queryRunner.query(`ALTER TABLE "${table}" DROP COLUMN "given_up_at", DROP COLUMN "given_up_by"`);
  }
}
