import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The container contract: its version and the tool of a software, dimensions of runs and products, warnings of a run. */
export class AddContractToReduction1796000501000 implements MigrationInterface {
  readonly name = 'AddContractToReduction1796000501000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "reduction_software_version"
        ADD "sif_path" text,
        ADD "contract_version" integer,
        ADD "tool" jsonb,
        ADD CONSTRAINT "ck_reduction_software_version__sif_path" CHECK ("sif_path" <> ''),
        ADD CONSTRAINT "ck_reduction_software_version__contract_version" CHECK ("contract_version" = CAST("contract_version" AS integer)),
        ADD CONSTRAINT "ck_reduction_software_version__tool_has_contract" CHECK ("tool" IS NULL OR "contract_version" IS NOT NULL),
        ADD CONSTRAINT "ck_reduction_software_version__contract_supported" CHECK ("contract_version" IN (1));
      COMMENT ON COLUMN "reduction_software_version"."sif_path" IS 'Path of the image as a SIF file in the cache of the workflow manager; null: not cached.';
      COMMENT ON COLUMN "reduction_software_version"."contract_version" IS 'Version of the container contract that the software follows; null: none; what it writes is told apart by folders.';
      COMMENT ON COLUMN "reduction_software_version"."tool" IS 'Definition of the tool in CWL, with the terms of the contract; null: none; what it writes is told apart by folders.';
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_reduction_step"
        ADD "dims" jsonb NOT NULL DEFAULT '{}',
        ADD "with_warnings" boolean NOT NULL DEFAULT false,
        ADD CONSTRAINT "ck_executed_reduction_step__only_completed_warns" CHECK ("with_warnings" = false OR "status" = 'completed') NOT VALID,
        ADD CONSTRAINT "ck_executed_reduction_step__key_is_folder_name" CHECK ("sub_group_key" NOT LIKE '%/%' AND "sub_group_key" NOT IN ('.', '..') AND length("sub_group_key") <= 255) NOT VALID;
      COMMENT ON COLUMN "executed_reduction_step"."dims" IS 'Values of the dimensions that divide the packages, by name.';
      COMMENT ON COLUMN "executed_reduction_step"."with_warnings" IS 'Whether the software marked the completed run with warnings.';
      COMMENT ON COLUMN "executed_reduction_step"."sub_group_key" IS 'Which division of the packages it is, also the name of its folder; all for a single run.';
    `);
    await queryRunner.query(`
      ALTER TABLE "data_product" ADD "dims" jsonb NOT NULL DEFAULT '{}';
      COMMENT ON COLUMN "data_product"."dims" IS 'What tells the product from others: dimensions of its run with its own in their place, by name.';
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_step" ADD CONSTRAINT "ck_reduction_step__name_is_folder_name" CHECK ("name" NOT LIKE '%/%' AND "name" NOT IN ('.', '..'));
      COMMENT ON COLUMN "reduction_step"."name" IS 'Name of the step within its pipeline, also of its folder.';
    `);
    // Reads the rows that are there without keeping writers out.
    await queryRunner.query(`
      ALTER TABLE "executed_reduction_step" VALIDATE CONSTRAINT "ck_executed_reduction_step__only_completed_warns";
      ALTER TABLE "executed_reduction_step" VALIDATE CONSTRAINT "ck_executed_reduction_step__key_is_folder_name";
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE "reduction_step" DROP CONSTRAINT "ck_reduction_step__name_is_folder_name";
      COMMENT ON COLUMN "reduction_step"."name" IS 'Name of the step within its pipeline.';
    `);
    await queryRunner.query(`
      ALTER TABLE "data_product" DROP COLUMN "dims"
    `);
    await queryRunner.query(`
      ALTER TABLE "executed_reduction_step"
        DROP CONSTRAINT "ck_executed_reduction_step__key_is_folder_name",
        DROP COLUMN "with_warnings",
        DROP COLUMN "dims";
      COMMENT ON COLUMN "executed_reduction_step"."sub_group_key" IS 'Which division of the packages it is; all for a single run.';
    `);
    await queryRunner.query(`
      ALTER TABLE "reduction_software_version"
        DROP COLUMN "tool",
        DROP COLUMN "contract_version",
        DROP COLUMN "sif_path"
    `);
  }
}
