import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Copies are verified again and repaired, as work. */
export class AddVerificationsAndRepairs1796209006000 implements MigrationInterface {
  readonly name = 'AddVerificationsAndRepairs1796209006000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TYPE "copy_repair_status_enum" AS ENUM('pending', 'scheduled', 'in_progress', 'completed', 'failed')
    `);
    await queryRunner.query(`
      CREATE TABLE "copy_repair" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "priority" integer NOT NULL DEFAULT '50',
        "retry_count" integer NOT NULL DEFAULT '0',
        "max_retries" integer NOT NULL DEFAULT '3',
        "next_retry_at" TIMESTAMP(3) WITH TIME ZONE,
        "claimed_by" text,
        "heartbeat_at" TIMESTAMP(3) WITH TIME ZONE,
        "scheduled_at" TIMESTAMP(3) WITH TIME ZONE,
        "started_at" TIMESTAMP(3) WITH TIME ZONE,
        "finished_at" TIMESTAMP(3) WITH TIME ZONE,
        "last_error" text,
        "given_up_at" TIMESTAMP(3) WITH TIME ZONE,
        "given_up_by" text,
        "log_path" text,
        "physical_copy_id" uuid NOT NULL,
        "source_copy_id" uuid NOT NULL,
        "origin_location_id" integer NOT NULL,
        "destination_location_id" integer NOT NULL,
        "status" "copy_repair_status_enum" NOT NULL DEFAULT 'pending',
        CONSTRAINT "ck_copy_repair__priority" CHECK (
          "priority" >= 0
          AND "priority" <= 100
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_copy_repair__retry_count" CHECK (
          "retry_count" >= 0
          AND "retry_count" = CAST("retry_count" AS integer)
        ),
        CONSTRAINT "ck_copy_repair__max_retries" CHECK (
          "max_retries" >= 0
          AND "max_retries" = CAST("max_retries" AS integer)
        ),
        CONSTRAINT "ck_copy_repair__claimed_by" CHECK ("claimed_by" <> ''),
        CONSTRAINT "ck_copy_repair__last_error" CHECK ("last_error" <> ''),
        CONSTRAINT "ck_copy_repair__given_up_by" CHECK ("given_up_by" <> ''),
        CONSTRAINT "ck_copy_repair__log_path" CHECK ("log_path" <> ''),
        CONSTRAINT "ck_copy_repair__copies_differ" CHECK ("physical_copy_id" <> "source_copy_id"),
        CONSTRAINT "pk_copy_repair" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "copy_repair"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "copy_repair"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "copy_repair"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "copy_repair"."priority" IS 'Priority, higher first.';

      COMMENT ON COLUMN "copy_repair"."retry_count" IS 'How often the work failed and was tried again.';

      COMMENT ON COLUMN "copy_repair"."max_retries" IS 'How often the work may be tried again.';

      COMMENT ON COLUMN "copy_repair"."next_retry_at" IS 'Earliest time of the next try, UTC; null: at once.';

      COMMENT ON COLUMN "copy_repair"."claimed_by" IS 'Worker that has the work; null: nobody.';

      COMMENT ON COLUMN "copy_repair"."heartbeat_at" IS 'Last sign of life of the worker that has the work, UTC; null: nobody has it.';

      COMMENT ON COLUMN "copy_repair"."scheduled_at" IS 'When the work was given to a worker last, UTC; null: not yet.';

      COMMENT ON COLUMN "copy_repair"."started_at" IS 'When the work was begun last, UTC; null: not yet.';

      COMMENT ON COLUMN "copy_repair"."finished_at" IS 'When the work came to its end, UTC; null: not yet.';

      COMMENT ON COLUMN "copy_repair"."last_error" IS 'What went wrong last; null: nothing.';

      COMMENT ON COLUMN "copy_repair"."given_up_at" IS 'When work that had failed was given up, UTC: it is never tried again, and holds no copies any more; null: it was not given up.';

      COMMENT ON COLUMN "copy_repair"."given_up_by" IS 'Who gave the work up; null: nobody.';

      COMMENT ON COLUMN "copy_repair"."log_path" IS 'Path of the log of the last try; null: none written.';

      COMMENT ON COLUMN "copy_repair"."physical_copy_id" IS 'Bad copy that is replaced.';

      COMMENT ON COLUMN "copy_repair"."source_copy_id" IS 'Good copy that its content comes from.';

      COMMENT ON COLUMN "copy_repair"."origin_location_id" IS 'Location where the good copy lies.';

      COMMENT ON COLUMN "copy_repair"."destination_location_id" IS 'Location where the bad copy lies.';

      COMMENT ON COLUMN "copy_repair"."status" IS 'Where the repair stands.'
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_copy_repair__live" ON "copy_repair" ("physical_copy_id")
      WHERE
        "status" IN ('pending', 'scheduled', 'in_progress')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_copy_repair__source" ON "copy_repair" ("source_copy_id")
      WHERE
        "status" <> 'completed'
        AND "given_up_at" IS NULL
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_copy_repair__failed" ON "copy_repair" ("updated_at")
      WHERE
        "status" = 'failed'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_copy_repair__in_hand" ON "copy_repair" ("heartbeat_at")
      WHERE
        "status" IN ('scheduled', 'in_progress')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_copy_repair__pending" ON "copy_repair" ("destination_location_id", "priority", "created_at")
      WHERE
        "status" = 'pending'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "copy_repair" IS 'The replacement of a bad copy by the content of a good one of the same thing.'
    `);
    await queryRunner.query(`
      CREATE TYPE "copy_verification_status_enum" AS ENUM('pending', 'scheduled', 'in_progress', 'completed', 'failed')
    `);
    await queryRunner.query(`
      CREATE TYPE "copy_verification_result_enum" AS ENUM('good', 'bad', 'gone')
    `);
    await queryRunner.query(`
      CREATE TYPE "copy_verification_checksum_algorithm_enum" AS ENUM('sha256', 'md5', 'xxh128', 'crc32c')
    `);
    await queryRunner.query(`
      CREATE TABLE "copy_verification" (
        "id" uuid NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "priority" integer NOT NULL DEFAULT '50',
        "retry_count" integer NOT NULL DEFAULT '0',
        "max_retries" integer NOT NULL DEFAULT '3',
        "next_retry_at" TIMESTAMP(3) WITH TIME ZONE,
        "claimed_by" text,
        "heartbeat_at" TIMESTAMP(3) WITH TIME ZONE,
        "scheduled_at" TIMESTAMP(3) WITH TIME ZONE,
        "started_at" TIMESTAMP(3) WITH TIME ZONE,
        "finished_at" TIMESTAMP(3) WITH TIME ZONE,
        "last_error" text,
        "given_up_at" TIMESTAMP(3) WITH TIME ZONE,
        "given_up_by" text,
        "log_path" text,
        "physical_copy_id" uuid NOT NULL,
        "data_location_id" integer NOT NULL,
        "status" "copy_verification_status_enum" NOT NULL DEFAULT 'pending',
        "result" "copy_verification_result_enum",
        "checksum" text,
        "checksum_algorithm" "copy_verification_checksum_algorithm_enum",
        CONSTRAINT "ck_copy_verification__priority" CHECK (
          "priority" >= 0
          AND "priority" <= 100
          AND "priority" = CAST("priority" AS integer)
        ),
        CONSTRAINT "ck_copy_verification__retry_count" CHECK (
          "retry_count" >= 0
          AND "retry_count" = CAST("retry_count" AS integer)
        ),
        CONSTRAINT "ck_copy_verification__max_retries" CHECK (
          "max_retries" >= 0
          AND "max_retries" = CAST("max_retries" AS integer)
        ),
        CONSTRAINT "ck_copy_verification__claimed_by" CHECK ("claimed_by" <> ''),
        CONSTRAINT "ck_copy_verification__last_error" CHECK ("last_error" <> ''),
        CONSTRAINT "ck_copy_verification__given_up_by" CHECK ("given_up_by" <> ''),
        CONSTRAINT "ck_copy_verification__log_path" CHECK ("log_path" <> ''),
        CONSTRAINT "ck_copy_verification__checksum_checksum_algorithm" CHECK (
          coalesce(length("checksum"), -1) = CASE "checksum_algorithm"
            WHEN 'sha256' THEN 64
            WHEN 'md5' THEN 32
            WHEN 'xxh128' THEN 32
            WHEN 'crc32c' THEN 8
            ELSE -1
          END
          AND ltrim(coalesce("checksum", ''), '0123456789abcdef') = ''
        ),
        CONSTRAINT "ck_copy_verification__completed_has_result" CHECK (
          "status" <> 'completed'
          OR "result" IS NOT NULL
        ),
        CONSTRAINT "pk_copy_verification" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "copy_verification"."id" IS 'Key of the row, a UUID given by its writer.';

      COMMENT ON COLUMN "copy_verification"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "copy_verification"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "copy_verification"."priority" IS 'Priority, higher first.';

      COMMENT ON COLUMN "copy_verification"."retry_count" IS 'How often the work failed and was tried again.';

      COMMENT ON COLUMN "copy_verification"."max_retries" IS 'How often the work may be tried again.';

      COMMENT ON COLUMN "copy_verification"."next_retry_at" IS 'Earliest time of the next try, UTC; null: at once.';

      COMMENT ON COLUMN "copy_verification"."claimed_by" IS 'Worker that has the work; null: nobody.';

      COMMENT ON COLUMN "copy_verification"."heartbeat_at" IS 'Last sign of life of the worker that has the work, UTC; null: nobody has it.';

      COMMENT ON COLUMN "copy_verification"."scheduled_at" IS 'When the work was given to a worker last, UTC; null: not yet.';

      COMMENT ON COLUMN "copy_verification"."started_at" IS 'When the work was begun last, UTC; null: not yet.';

      COMMENT ON COLUMN "copy_verification"."finished_at" IS 'When the work came to its end, UTC; null: not yet.';

      COMMENT ON COLUMN "copy_verification"."last_error" IS 'What went wrong last; null: nothing.';

      COMMENT ON COLUMN "copy_verification"."given_up_at" IS 'When work that had failed was given up, UTC: it is never tried again, and holds no copies any more; null: it was not given up.';

      COMMENT ON COLUMN "copy_verification"."given_up_by" IS 'Who gave the work up; null: nobody.';

      COMMENT ON COLUMN "copy_verification"."log_path" IS 'Path of the log of the last try; null: none written.';

      COMMENT ON COLUMN "copy_verification"."physical_copy_id" IS 'Copy that is verified.';

      COMMENT ON COLUMN "copy_verification"."data_location_id" IS 'Location where the copy lies.';

      COMMENT ON COLUMN "copy_verification"."status" IS 'Where the verification stands.';

      COMMENT ON COLUMN "copy_verification"."result" IS 'What was found; null: not yet known.';

      COMMENT ON COLUMN "copy_verification"."checksum" IS 'Checksum that was computed, in hexadecimal digits; null: none, the copy could not be read or is not verified yet.';

      COMMENT ON COLUMN "copy_verification"."checksum_algorithm" IS 'Algorithm of the checksum; null: none was computed.'
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_copy_verification__live" ON "copy_verification" ("physical_copy_id")
      WHERE
        "status" IN ('pending', 'scheduled', 'in_progress')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_copy_verification__failed" ON "copy_verification" ("updated_at")
      WHERE
        "status" = 'failed'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_copy_verification__in_hand" ON "copy_verification" ("heartbeat_at")
      WHERE
        "status" IN ('scheduled', 'in_progress')
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_copy_verification__pending" ON "copy_verification" ("data_location_id", "priority", "created_at")
      WHERE
        "status" = 'pending'
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "copy_verification" IS 'The computing anew of the checksum of a copy.'
    `);
    await queryRunner.query(`
      ALTER TABLE "data_location"
      ADD "verify_after_days" integer
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "data_location"."verify_after_days" IS 'After how many days copies are verified again [d]; null: never.'
    `);
    await queryRunner.query(`
      ALTER TABLE "data_location"
      ADD CONSTRAINT "ck_data_location__verified_later_than_kept" CHECK ("verify_after_days" > "retention_days"),
      ADD CONSTRAINT "ck_data_location__verify_after_days" CHECK (
        "verify_after_days" >= 1
        AND "verify_after_days" = CAST("verify_after_days" AS integer)
      )
    `);
    await queryRunner.query(`
      ALTER TABLE "copy_repair"
      ADD CONSTRAINT "fk_copy_repair__physical_copy_id" FOREIGN KEY ("physical_copy_id") REFERENCES "physical_copy" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "copy_repair"
      ADD CONSTRAINT "fk_copy_repair__source_copy_id" FOREIGN KEY ("source_copy_id") REFERENCES "physical_copy" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "copy_repair"
      ADD CONSTRAINT "fk_copy_repair__origin_location_id" FOREIGN KEY ("origin_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "copy_repair"
      ADD CONSTRAINT "fk_copy_repair__destination_location_id" FOREIGN KEY ("destination_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "copy_verification"
      ADD CONSTRAINT "fk_copy_verification__physical_copy_id" FOREIGN KEY ("physical_copy_id") REFERENCES "physical_copy" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "copy_verification"
      ADD CONSTRAINT "fk_copy_verification__data_location_id" FOREIGN KEY ("data_location_id") REFERENCES "data_location" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    for (const table of TABLES) {
      await queryRunner.query(`
        CREATE TRIGGER "tr_${table}__waiting" AFTER INSERT OR UPDATE ON "${table}" FOR EACH ROW
        WHEN (NEW."status" = 'pending') EXECUTE FUNCTION "ccat_ops_db_notify_work"()
      `);
      await queryRunner.query(`
        CREATE TRIGGER "tr_${table}__updated" BEFORE UPDATE ON "${table}" FOR EACH ROW
        WHEN (NEW."updated_at" IS NOT DISTINCT FROM OLD."updated_at") EXECUTE FUNCTION "ccat_ops_db_note_update"()
      `);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // A rule over two columns goes before one of them.
    await queryRunner.query(
      'ALTER TABLE "data_location" DROP CONSTRAINT "ck_data_location__verified_later_than_kept", DROP COLUMN "verify_after_days"',
    );
    for (const table of TABLES) await queryRunner.query(`DROP TABLE "${table}"`);
    for (const type of TYPES) await queryRunner.query(`DROP TYPE "${type}_enum"`);
  }
}

const TABLES = ['copy_repair', 'copy_verification'];

const TYPES = [
  'copy_repair_status',
  'copy_verification_status',
  'copy_verification_result',
  'copy_verification_checksum_algorithm',
];
