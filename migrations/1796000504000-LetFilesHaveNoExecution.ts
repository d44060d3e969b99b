import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Files that are filed before their execution is known, that come from none, or that several modules have written. The next
 * migration looks at the rows that are there, without the locks that this one holds until its end.
 */
export class LetFilesHaveNoExecution1796000504000 implements MigrationInterface {
  readonly name = 'LetFilesHaveNoExecution1796000504000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TYPE "raw_data_file_kind_enum" AS ENUM('timestream', 'vna_sweep', 'target_sweep', 'configuration', 'housekeeping', 'log', 'level0')
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_file"
        ALTER COLUMN "executed_obs_unit_id" DROP NOT NULL,
        ALTER COLUMN "instrument_module_id" DROP NOT NULL,
        ADD "of_no_execution" boolean NOT NULL DEFAULT false,
        ADD "kind" "raw_data_file_kind_enum" NOT NULL DEFAULT 'timestream',
        ADD "readout_session" bigint,
        ADD "metadata" jsonb,
        ADD CONSTRAINT "ck_raw_data_file__readout_session" CHECK ("readout_session" >= 0 AND "readout_session" <= 9007199254740991 AND "readout_session" = CAST("readout_session" AS bigint)) NOT VALID,
        ADD CONSTRAINT "ck_raw_data_file__of_one_execution_or_none" CHECK ("of_no_execution" = false OR "executed_obs_unit_id" IS NULL) NOT VALID,
        ADD CONSTRAINT "ck_raw_data_file__found_by_module_or_session" CHECK ("executed_obs_unit_id" IS NOT NULL OR "of_no_execution" = true OR ("recorded_at" IS NOT NULL AND ("instrument_module_id" IS NOT NULL OR "readout_session" IS NOT NULL))) NOT VALID;
      COMMENT ON TABLE "raw_data_file" IS 'One file from one instrument module, from several, or from none.';
      COMMENT ON COLUMN "raw_data_file"."executed_obs_unit_id" IS 'Execution that the file comes from; null: not known yet, or of_no_execution.';
      COMMENT ON COLUMN "raw_data_file"."instrument_module_id" IS 'Module that wrote the file; null: several modules, or none.';
      COMMENT ON COLUMN "raw_data_file"."of_no_execution" IS 'Whether somebody said that the file comes from no execution.';
      COMMENT ON COLUMN "raw_data_file"."kind" IS 'What the file holds.';
      COMMENT ON COLUMN "raw_data_file"."readout_session" IS 'Session of the readout that the file is of: its start in whole Unix seconds [s]; null: not of the readout, or not known.';
      COMMENT ON COLUMN "raw_data_file"."metadata" IS 'What its writer says of the content, such as the index of the bookbinder; null: nothing.';
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit"
        ADD "readout_session" bigint,
        ADD CONSTRAINT "ck_executed_obs_unit__readout_session" CHECK ("readout_session" >= 0 AND "readout_session" <= 9007199254740991 AND "readout_session" = CAST("readout_session" AS bigint)) NOT VALID;
      COMMENT ON COLUMN "executed_obs_unit"."readout_session" IS 'Session of the readout that belongs to the execution: its start in whole Unix seconds [s]; null: no instrument with such a readout, or not known.';
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package"
        ALTER COLUMN "executed_obs_unit_id" DROP NOT NULL,
        ALTER COLUMN "instrument_module_id" DROP NOT NULL;
      COMMENT ON COLUMN "raw_data_package"."executed_obs_unit_id" IS 'Execution that the files come from; null: no execution.';
      COMMENT ON COLUMN "raw_data_package"."instrument_module_id" IS 'Module that wrote the files; null: several modules, or none.';
    `);
    await queryRunner.query(`
      CREATE TABLE "raw_data_file_instrument_module" (
        "raw_data_file_id" uuid NOT NULL,
        "instrument_module_id" integer NOT NULL,
        CONSTRAINT "pk_raw_data_file_instrument_module" PRIMARY KEY ("raw_data_file_id", "instrument_module_id"),
        CONSTRAINT "fk_raw_data_file_instrument_module__raw_data_file_id" FOREIGN KEY ("raw_data_file_id")
          REFERENCES "raw_data_file" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
        CONSTRAINT "fk_raw_data_file_instrument_module__instrument_module_id" FOREIGN KEY ("instrument_module_id")
          REFERENCES "instrument_module" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
      );
      CREATE INDEX "ix_raw_data_file_instrument_module__instrument_module_id" ON "raw_data_file_instrument_module" ("instrument_module_id");
      COMMENT ON TABLE "raw_data_file_instrument_module" IS 'Which InstrumentModule belongs to which RawDataFile.';
      COMMENT ON COLUMN "raw_data_file_instrument_module"."raw_data_file_id" IS 'Key of the RawDataFile.';
      COMMENT ON COLUMN "raw_data_file_instrument_module"."instrument_module_id" IS 'Key of the InstrumentModule.';
    `);
  }

  /** Fails while there are files or packages without an execution or a module. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE "raw_data_file_instrument_module"
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_package"
        ALTER COLUMN "executed_obs_unit_id" SET NOT NULL,
        ALTER COLUMN "instrument_module_id" SET NOT NULL;
      COMMENT ON COLUMN "raw_data_package"."executed_obs_unit_id" IS 'Execution that the files come from.';
      COMMENT ON COLUMN "raw_data_package"."instrument_module_id" IS 'Module that wrote the files.';
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_obs_unit" DROP COLUMN "readout_session"
    `);
    await queryRunner.query(`
      ALTER TABLE "raw_data_file"
        DROP COLUMN "metadata",
        DROP COLUMN "readout_session",
        DROP COLUMN "kind",
        DROP COLUMN "of_no_execution",
        ALTER COLUMN "executed_obs_unit_id" SET NOT NULL,
        ALTER COLUMN "instrument_module_id" SET NOT NULL;
      COMMENT ON TABLE "raw_data_file" IS 'One file from one instrument module.';
      COMMENT ON COLUMN "raw_data_file"."executed_obs_unit_id" IS 'Execution that the file comes from.';
      COMMENT ON COLUMN "raw_data_file"."instrument_module_id" IS 'Module that wrote the file.';
    `);
    await queryRunner.query(`
      DROP TYPE "raw_data_file_kind_enum"
    `);
  }
}
