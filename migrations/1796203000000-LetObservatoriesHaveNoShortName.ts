import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An observatory is known by its name; a short form may be missing. */
export class LetObservatoriesHaveNoShortName1796203000000 implements MigrationInterface {
  readonly name = 'LetObservatoriesHaveNoShortName1796203000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "observatory" ALTER COLUMN "short_name" DROP NOT NULL;

      COMMENT ON COLUMN "observatory"."short_name" IS 'Short form of the name in lower case; null: it has none.';
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      UPDATE "observatory" SET "short_name" = 'observatory_' || "id" WHERE "short_name" IS NULL;

      ALTER TABLE "observatory" ALTER COLUMN "short_name" SET NOT NULL;

      COMMENT ON COLUMN "observatory"."short_name" IS 'Short form of the name in lower case.';
    `);
  }
}
