import type { MigrationInterface, QueryRunner } from 'typeorm';

const CONSTRAINTS = [
  'ck_staging_job__destination_is_for_processing',
  'fk_staging_job__destination_for_processing',
];

/**
 * Looks at all staging jobs for the new rule, and takes the key of one column away. Fails where a job goes to a location that
 * is not for processing; such a job must be put right first.
 */
export class ValidateDestinationOfStagingJob1796100020000 implements MigrationInterface {
  readonly name = 'ValidateDestinationOfStagingJob1796100020000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const name of CONSTRAINTS)
      await queryRunner.query(`ALTER TABLE "staging_job" VALIDATE CONSTRAINT "${name}"`);
    await queryRunner.query(
      `ALTER TABLE "staging_job" DROP CONSTRAINT "fk_staging_job__destination_location_id"`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "staging_job"
      ADD CONSTRAINT "fk_staging_job__destination_location_id" FOREIGN KEY ("destination_location_id")
      REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
  }
}
