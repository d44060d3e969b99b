import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a foreign key may refer to that also says what the location is for. */
export class AddTypeToKeyOfDataLocation1796100000000 implements MigrationInterface {
  readonly name = 'AddTypeToKeyOfDataLocation1796100000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "data_location"
      ADD CONSTRAINT "uq_data_location__id_location_type" UNIQUE ("id", "location_type")
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "data_location" DROP CONSTRAINT "uq_data_location__id_location_type"`,
    );
  }
}
