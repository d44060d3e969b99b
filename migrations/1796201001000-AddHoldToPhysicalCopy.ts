import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Somebody may hold a copy. The checks hold for new rows; the next migration looks at those that were there. The statements are sent
 * together, so that the table is locked no longer than the server takes to change its catalogue.
 */
export class AddHoldToPhysicalCopy1796201001000 implements MigrationInterface {
  readonly name = 'AddHoldToPhysicalCopy1796201001000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    // What an earlier try may have left stays in its way.
    await this.down(queryRunner);
    await queryRunner.query(STATEMENTS.join(';\n'));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "physical_copy" DROP CONSTRAINT IF EXISTS "ck_physical_copy__held_with_reason",
        DROP COLUMN IF EXISTS "keep_until", DROP COLUMN IF EXISTS "keep_reason", DROP COLUMN IF EXISTS "kept_by"
    `);
  }
}

const STATEMENTS = [
  `ALTER TABLE "physical_copy" ADD "keep_until" TIMESTAMP(3) WITH TIME ZONE, ADD "keep_reason" text, ADD "kept_by" text, ADD CONSTRAINT "ck_physical_copy__keep_reason" CHECK ("keep_reason" <> '') NOT VALID, ADD CONSTRAINT "ck_physical_copy__kept_by" CHECK ("kept_by" <> '') NOT VALID, ADD CONSTRAINT "ck_physical_copy__held_with_reason" CHECK (("keep_until" IS NULL) = ("keep_reason" IS NULL) AND ("keep_until" IS NULL) = ("kept_by" IS NULL)) NOT VALID`,
  `COMMENT ON COLUMN "physical_copy"."keep_until" IS 'Until when somebody still needs the copy, UTC; null: nobody has said so.'`,
  `COMMENT ON COLUMN "physical_copy"."keep_reason" IS 'Why the copy is needed; null: nobody has said that it is.'`,
  `COMMENT ON COLUMN "physical_copy"."kept_by" IS 'Who needs the copy; null: nobody.'`,
];
