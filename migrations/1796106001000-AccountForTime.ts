import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hours that programs are granted, what operators say of the time of the telescope, and which programs are calibration. */
export class AccountForTime1796106001000 implements MigrationInterface {
  readonly name = 'AccountForTime1796106001000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TYPE "time_correction_use_enum" AS ENUM('charged', 'lost_weather', 'lost_fault', 'calibration', 'overhead', 'idle')
    `);
    await queryRunner.query(`
      CREATE TABLE "time_correction" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "telescope_id" integer NOT NULL,
        "start_time" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
        "end_time" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
        "use" "time_correction_use_enum" NOT NULL,
        "observing_program_id" integer,
        "reason" text NOT NULL,
        "entered_by" text NOT NULL,
        CONSTRAINT "ck_time_correction__reason" CHECK ("reason" <> ''),
        CONSTRAINT "ck_time_correction__entered_by" CHECK ("entered_by" <> ''),
        CONSTRAINT "ck_time_correction__charged_has_program" CHECK (("use" = 'charged') = ("observing_program_id" IS NOT NULL)),
        CONSTRAINT "ck_time_correction__times_ordered" CHECK ("start_time" < "end_time"),
        CONSTRAINT "pk_time_correction" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "time_correction"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "time_correction"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "time_correction"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "time_correction"."telescope_id" IS 'Telescope whose time it is.';

      COMMENT ON COLUMN "time_correction"."start_time" IS 'Start of the time, UTC.';

      COMMENT ON COLUMN "time_correction"."end_time" IS 'End of the time, UTC.';

      COMMENT ON COLUMN "time_correction"."use" IS 'What the time counts as.';

      COMMENT ON COLUMN "time_correction"."observing_program_id" IS 'Program that the time is charged to; null: it is not charged.';

      COMMENT ON COLUMN "time_correction"."reason" IS 'Why the time counts as that.';

      COMMENT ON COLUMN "time_correction"."entered_by" IS 'Who says so.'
    `);
    await queryRunner.query(`
      CREATE INDEX "ix_time_correction__start_time" ON "time_correction" ("start_time")
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "time_correction" IS 'What an operator says of a stretch of time, with the reason; added, never changed.'
    `);
    await queryRunner.query(`
      CREATE TABLE "time_allocation" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "observing_program_id" integer NOT NULL,
        "sub_observing_program_id" integer,
        "period" text NOT NULL,
        "first_night" date NOT NULL,
        "last_night" date NOT NULL,
        "hours" double precision NOT NULL,
        CONSTRAINT "ck_time_allocation__period" CHECK ("period" <> ''),
        CONSTRAINT "ck_time_allocation__hours" CHECK (
          "hours" >= 0
          AND "hours" - "hours" = 0
        ),
        CONSTRAINT "ck_time_allocation__nights_ordered" CHECK ("first_night" <= "last_night"),
        CONSTRAINT "pk_time_allocation" PRIMARY KEY ("id")
      );

      COMMENT ON COLUMN "time_allocation"."id" IS 'Key of the row, given by the database.';

      COMMENT ON COLUMN "time_allocation"."created_at" IS 'When the row was written first, UTC.';

      COMMENT ON COLUMN "time_allocation"."updated_at" IS 'When the row was changed last, UTC.';

      COMMENT ON COLUMN "time_allocation"."observing_program_id" IS 'Program that is granted the time.';

      COMMENT ON COLUMN "time_allocation"."sub_observing_program_id" IS 'Project of that program that is granted the time; null: the program as a whole.';

      COMMENT ON COLUMN "time_allocation"."period" IS 'Name of the period, such as 2026B.';

      COMMENT ON COLUMN "time_allocation"."first_night" IS 'First night of the period.';

      COMMENT ON COLUMN "time_allocation"."last_night" IS 'Last night of the period.';

      COMMENT ON COLUMN "time_allocation"."hours" IS 'Time that is granted [h].'
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_time_allocation__of_project" ON "time_allocation" ("sub_observing_program_id", "period")
      WHERE
        "sub_observing_program_id" IS NOT NULL
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX "uq_time_allocation__of_program" ON "time_allocation" ("observing_program_id", "period")
      WHERE
        "sub_observing_program_id" IS NULL
    `);
    await queryRunner.query(`
      COMMENT ON TABLE "time_allocation" IS 'Hours that a program or project is granted in a period.'
    `);
    await queryRunner.query(`
      ALTER TABLE "observing_program"
      ADD "calibration" boolean NOT NULL DEFAULT false
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "observing_program"."calibration" IS 'Whether what it observes is calibration, which serves all programs and is charged to none.'
    `);
    await queryRunner.query(`
      ALTER TABLE "time_correction"
      ADD CONSTRAINT "fk_time_correction__telescope_id" FOREIGN KEY ("telescope_id") REFERENCES "telescope" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "time_correction"
      ADD CONSTRAINT "fk_time_correction__observing_program_id" FOREIGN KEY ("observing_program_id") REFERENCES "observing_program" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "time_allocation"
      ADD CONSTRAINT "fk_time_allocation__observing_program_id" FOREIGN KEY ("observing_program_id") REFERENCES "observing_program" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
    `);
    await queryRunner.query(`
      ALTER TABLE "time_allocation"
      ADD CONSTRAINT "fk_time_allocation__sub_program_of_program" FOREIGN KEY ("sub_observing_program_id", "observing_program_id") REFERENCES "sub_observing_program" ("id", "observing_program_id") ON DELETE RESTRICT ON UPDATE NO ACTION
    `);
    await queryRunner.query(`UPDATE "observing_program" SET "calibration" = true WHERE "short_name" = 'Cal'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE "observing_program" DROP COLUMN "calibration"');
    await queryRunner.query('DROP TABLE "time_allocation", "time_correction"');
    await queryRunner.query('DROP TYPE "time_correction_use_enum"');
  }
}
