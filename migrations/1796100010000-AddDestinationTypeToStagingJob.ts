import type { MigrationInterface, QueryRunner } from 'typeorm';

/** New jobs go to locations for processing only; those that are there are looked at by the next migration. */
export class AddDestinationTypeToStagingJob1796100010000 implements MigrationInterface {
  readonly name = 'AddDestinationTypeToStagingJob1796100010000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "staging_job"
      ADD "destination_type" "data_location_location_type_enum" NOT NULL DEFAULT 'processing',
      ADD CONSTRAINT "ck_staging_job__destination_is_for_processing"
        CHECK ("destination_type" = 'processing') NOT VALID,
      ADD CONSTRAINT "fk_staging_job__destination_for_processing"
        FOREIGN KEY ("destination_location_id", "destination_type")
        REFERENCES "data_location" ("id", "location_type") ON DELETE RESTRICT NOT VALID
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "staging_job"."destination_type" IS
      'What the destination is for; always processing, so that the key leads to no other location.'
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "staging_job" DROP COLUMN "destination_type"`);
  }
}
