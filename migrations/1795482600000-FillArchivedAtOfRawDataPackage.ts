import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Packages that were archived before take the time from their archive transfers, or else from their last change. */
export class FillArchivedAtOfRawDataPackage1795482600000 implements MigrationInterface {
  readonly name = 'FillArchivedAtOfRawDataPackage1795482600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      UPDATE "raw_data_package"
      SET "archived_at" = COALESCE(
        (
          SELECT min("finished_at") FROM "long_term_archive_transfer"
          WHERE "raw_data_package_id" = "raw_data_package"."id" AND "status" = 'completed'
        ),
        "updated_at"
      )
      WHERE "state" = 'archived' AND "archived_at" IS NULL
    `);
  }

  /** What was filled in goes with the column, which the migration before this one added. */
  async down(): Promise<void> {}
}
