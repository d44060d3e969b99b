import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The cz of a distant galaxy is above the speed of light: the optical convention has no limit there. */
export class AllowRedshiftsAboveLight1796000400002 implements MigrationInterface {
  readonly name = 'AllowRedshiftsAboveLight1796000400002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await limit(queryRunner, 6_000_000);
    await queryRunner.query(`
      ALTER TABLE "source"
      ADD CONSTRAINT "ck_fixed_source__velocity_below_light" CHECK (
        "type" <> 'fixed_source'
        OR (
          "velocity_kms" <= 300000
          OR (
            "velocity_convention" IS NOT NULL
            AND "velocity_convention" = 'optical'
          )
        )
      )
    `);
    await queryRunner.query(`
      COMMENT ON COLUMN "source"."velocity_kms" IS 'Radial velocity in velocity_frame; of a redshift z it is c times z in the optical convention [km/s]; null: not known.'
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      COMMENT ON COLUMN "source"."velocity_kms" IS 'Radial velocity in velocity_frame [km/s]; null: not known.'
    `);
    await queryRunner.query(`
      ALTER TABLE "source"
      DROP CONSTRAINT "ck_fixed_source__velocity_below_light"
    `);
    await limit(queryRunner, 300_000);
  }
}

async function limit(queryRunner: QueryRunner, most: number): Promise<void> {
  await queryRunner.query(`
    ALTER TABLE "source"
    DROP CONSTRAINT "ck_source__velocity_kms"
  `);
  await queryRunner.query(`
    ALTER TABLE "source"
    ADD CONSTRAINT "ck_source__velocity_kms" CHECK (
      "velocity_kms" >= -300000
      AND "velocity_kms" <= ${most}
      AND "velocity_kms" - "velocity_kms" = 0
    )
  `);
}
