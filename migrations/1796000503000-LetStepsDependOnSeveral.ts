import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A step can read the products of several steps of its pipeline, all of them earlier ones. */
export class LetStepsDependOnSeveral1796000503000 implements MigrationInterface {
  readonly name = 'LetStepsDependOnSeveral1796000503000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE "reduction_step_dependency" (
        "id" SERIAL NOT NULL,
        "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL DEFAULT now(),
        "pipeline_id" integer NOT NULL,
        "position" integer NOT NULL,
        "upstream_position" integer NOT NULL,
        CONSTRAINT "uq_reduction_step_dependency__steps" UNIQUE ("pipeline_id", "position", "upstream_position"),
        CONSTRAINT "ck_reduction_step_dependency__position" CHECK ("position" >= 1 AND "position" = CAST("position" AS integer)),
        CONSTRAINT "ck_reduction_step_dependency__upstream_position" CHECK ("upstream_position" >= 1 AND "upstream_position" = CAST("upstream_position" AS integer)),
        CONSTRAINT "ck_reduction_step_dependency__upstream_is_earlier" CHECK ("upstream_position" < "position"),
        CONSTRAINT "pk_reduction_step_dependency" PRIMARY KEY ("id"),
        CONSTRAINT "fk_reduction_step_dependency__step" FOREIGN KEY ("position", "pipeline_id")
          REFERENCES "reduction_step" ("position", "pipeline_id") ON DELETE CASCADE ON UPDATE CASCADE,
        CONSTRAINT "fk_reduction_step_dependency__upstream_step" FOREIGN KEY ("upstream_position", "pipeline_id")
          REFERENCES "reduction_step" ("position", "pipeline_id") ON DELETE RESTRICT ON UPDATE CASCADE
      );
      COMMENT ON TABLE "reduction_step_dependency" IS 'That a step reads the products of an earlier step of its pipeline.';
      COMMENT ON COLUMN "reduction_step_dependency"."id" IS 'Key of the row, given by the database.';
      COMMENT ON COLUMN "reduction_step_dependency"."created_at" IS 'When the row was written first, UTC.';
      COMMENT ON COLUMN "reduction_step_dependency"."updated_at" IS 'When the row was changed last, UTC.';
      COMMENT ON COLUMN "reduction_step_dependency"."pipeline_id" IS 'Pipeline of both steps.';
      COMMENT ON COLUMN "reduction_step_dependency"."position" IS 'Place of the step that reads.';
      COMMENT ON COLUMN "reduction_step_dependency"."upstream_position" IS 'Place of the step that has made the products.';
    `);
    await queryRunner.query(`
      INSERT INTO "reduction_step_dependency" ("pipeline_id", "position", "upstream_position")
      SELECT step.pipeline_id, step.position, upstream.position
      FROM reduction_step step JOIN reduction_step upstream ON upstream.id = step.upstream_step_id
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step" DROP COLUMN "upstream_step_id"
    `);
  }

  /** A step keeps the latest of the steps that it depends on. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "reduction_step"
        ADD "upstream_step_id" integer,
        ADD CONSTRAINT "ck_reduction_step__not_upstream_of_itself" CHECK ("upstream_step_id" <> "id"),
        ADD CONSTRAINT "fk_reduction_step__upstream_step_id" FOREIGN KEY ("upstream_step_id")
          REFERENCES "reduction_step" ("id") ON DELETE RESTRICT ON UPDATE NO ACTION;
      CREATE INDEX "ix_reduction_step__upstream_step_id" ON "reduction_step" ("upstream_step_id");
      COMMENT ON COLUMN "reduction_step"."upstream_step_id" IS 'Step whose products this one reads; null: it reads raw data packages.';
    `);
    await queryRunner.query(`
      UPDATE "reduction_step" step SET "upstream_step_id" = (
        SELECT upstream.id
        FROM reduction_step_dependency dependency JOIN reduction_step upstream
          ON upstream.pipeline_id = dependency.pipeline_id AND upstream.position = dependency.upstream_position
        WHERE dependency.pipeline_id = step.pipeline_id AND dependency.position = step.position
        ORDER BY upstream.position DESC LIMIT 1
      )
    `);
    await queryRunner.query(`
      DROP TABLE "reduction_step_dependency"
    `);
  }
}
