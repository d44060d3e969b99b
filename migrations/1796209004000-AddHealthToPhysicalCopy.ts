import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Says since when a copy is bad and why. The checks hold for new rows; the next migration looks at those that were there. The statements
 * are sent together, so that the table is locked no longer than the server takes to change its catalogue.
 */
export class AddHealthToPhysicalCopy1796209004000 implements MigrationInterface {
  readonly name = 'AddHealthToPhysicalCopy1796209004000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    // What an earlier try may have left stays in its way.
    await this.down(queryRunner);
    await queryRunner.query(STATEMENTS.join(';\n'));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "physical_copy" DROP CONSTRAINT IF EXISTS "ck_physical_copy__bad_has_reason",
        DROP CONSTRAINT IF EXISTS "ck_physical_copy__bad_never_counts",
        DROP COLUMN IF EXISTS "bad_since", DROP COLUMN IF EXISTS "bad_reason"
    `);
  }
}

const STATEMENTS = [
  `ALTER TABLE "physical_copy" ADD "bad_since" TIMESTAMP(3) WITH TIME ZONE, ADD "bad_reason" text,
    ADD CONSTRAINT "ck_physical_copy__bad_reason" CHECK ("bad_reason" <> '') NOT VALID,
    ADD CONSTRAINT "ck_physical_copy__bad_has_reason" CHECK (("bad_since" IS NULL) = ("bad_reason" IS NULL)) NOT VALID,
    ADD CONSTRAINT "ck_physical_copy__bad_never_counts" CHECK (("status" <> 'bad' OR "bad_since" IS NOT NULL)
      AND ("bad_since" IS NULL OR "status" NOT IN ('present', 'staged', 'deletion_possible'))) NOT VALID`,
  `COMMENT ON COLUMN "physical_copy"."bad_since" IS 'Since when the copy is known to be damaged or lost, UTC; null: nothing is known against it.'`,
  `COMMENT ON COLUMN "physical_copy"."bad_reason" IS 'What is wrong with the copy; null: nothing is known to be.'`,
];
