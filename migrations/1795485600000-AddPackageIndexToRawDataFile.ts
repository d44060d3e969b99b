import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the files of a package. Built concurrently, since the table is large and instruments go on filing. */
export class AddPackageIndexToRawDataFile1795485600000 implements MigrationInterface {
  readonly name = 'AddPackageIndexToRawDataFile1795485600000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    // What an earlier try may have left unfinished would count as being there.
    await this.down(queryRunner);
    await queryRunner.query(`
      CREATE INDEX CONCURRENTLY "ix_raw_data_file__raw_data_package_id" ON "raw_data_file" ("raw_data_package_id")
      WHERE "raw_data_package_id" IS NOT NULL
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX CONCURRENTLY IF EXISTS "ix_raw_data_file__raw_data_package_id"
    `);
  }
}
