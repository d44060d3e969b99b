import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long copies of each kind are kept, and how full a location may be. Both tables are small. */
export class AddRetentionAndWatermarks1796201000000 implements MigrationInterface {
  readonly name = 'AddRetentionAndWatermarks1796201000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "retention_policy"');
    for (const type of ['location_type', 'kind'])
      await queryRunner.query(`DROP TYPE "retention_policy_${type}_enum"`);
    // Rules over several columns go before these.
    for (const rule of ['high_within_capacity', 'high_has_low', 'low_below_high'])
      await queryRunner.query(`ALTER TABLE "data_location" DROP CONSTRAINT "ck_data_location__${rule}"`);
    await queryRunner.query(
      'ALTER TABLE "data_location" DROP COLUMN "high_watermark_bytes", DROP COLUMN "low_watermark_bytes", DROP COLUMN "letting_go_since"',
    );
  }
}

const STATEMENTS = [
  `CREATE TYPE "retention_policy_location_type_enum" AS ENUM('source', 'buffer', 'long_term_archive', 'processing')`,
  `CREATE TYPE "retention_policy_kind_enum" AS ENUM('file', 'package', 'bundle', 'intermediate', 'product')`,
  `CREATE TABLE "retention_policy" ("id" SERIAL NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(), "location_type" "retention_policy_location_type_enum" NOT NULL, "data_location_id" integer, "kind" "retention_policy_kind_enum" NOT NULL, "retention_days" integer NOT NULL, CONSTRAINT "ck_retention_policy__retention_days" CHECK ("retention_days" >= 0 AND "retention_days" = CAST("retention_days" AS integer)), CONSTRAINT "pk_retention_policy" PRIMARY KEY ("id")); COMMENT ON COLUMN "retention_policy"."id" IS 'Key of the row, given by the database.'; COMMENT ON COLUMN "retention_policy"."created_at" IS 'When the row was written first, UTC.'; COMMENT ON COLUMN "retention_policy"."updated_at" IS 'When the row was changed last, UTC.'; COMMENT ON COLUMN "retention_policy"."location_type" IS 'Type of the locations that the policy is for.'; COMMENT ON COLUMN "retention_policy"."data_location_id" IS 'Location that the policy is for; null: all locations of the type.'; COMMENT ON COLUMN "retention_policy"."kind" IS 'What the copies are copies of.'; COMMENT ON COLUMN "retention_policy"."retention_days" IS 'How long copies are kept after their last change [d].'`,
  `CREATE UNIQUE INDEX "uq_retention_policy__of_type" ON "retention_policy"  ("location_type", "kind") WHERE "data_location_id" IS NULL`,
  `CREATE UNIQUE INDEX "uq_retention_policy__of_place" ON "retention_policy"  ("data_location_id", "kind") WHERE "data_location_id" IS NOT NULL`,
  `COMMENT ON TABLE "retention_policy" IS 'How long copies of one kind are kept, at one place or at all places of a type.'`,
  `ALTER TABLE "retention_policy" ADD CONSTRAINT "fk_retention_policy__data_location_id" FOREIGN KEY ("data_location_id") REFERENCES "data_location"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
  `ALTER TABLE "data_location" ADD "high_watermark_bytes" bigint, ADD "low_watermark_bytes" bigint, ADD "letting_go_since" TIMESTAMP(3) WITH TIME ZONE, ADD CONSTRAINT "ck_data_location__high_watermark_bytes" CHECK ("high_watermark_bytes" >= 0 AND "high_watermark_bytes" <= 9007199254740991 AND "high_watermark_bytes" = CAST("high_watermark_bytes" AS bigint)), ADD CONSTRAINT "ck_data_location__low_watermark_bytes" CHECK ("low_watermark_bytes" >= 0 AND "low_watermark_bytes" <= 9007199254740991 AND "low_watermark_bytes" = CAST("low_watermark_bytes" AS bigint)), ADD CONSTRAINT "ck_data_location__high_within_capacity" CHECK ("high_watermark_bytes" <= "capacity_bytes"), ADD CONSTRAINT "ck_data_location__high_has_low" CHECK (("high_watermark_bytes" IS NULL) = ("low_watermark_bytes" IS NULL)), ADD CONSTRAINT "ck_data_location__low_below_high" CHECK ("low_watermark_bytes" <= "high_watermark_bytes")`,
  `COMMENT ON COLUMN "data_location"."high_watermark_bytes" IS 'When more lies there, copies that may go are let go, the oldest first [byte]; null: copies go by their age alone.'`,
  `COMMENT ON COLUMN "data_location"."low_watermark_bytes" IS 'Down to this copies are let go [byte]; null: copies go by their age alone.'`,
  `COMMENT ON COLUMN "data_location"."letting_go_since" IS 'Since when copies are let go because too much lies there, UTC; null: not too much lies there.'`,
];
