import type { MigrationInterface, QueryRunner } from 'typeorm';

const CONSTRAINTS = ['claimed_by', 'retry_count', 'last_error'];

/** Looks at all copies for the new rules, by itself: it takes long, and locks nobody out. */
export class ValidateOwnerOfPhysicalCopy1796000710000 implements MigrationInterface {
  readonly name = 'ValidateOwnerOfPhysicalCopy1796000710000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const name of CONSTRAINTS)
      await queryRunner.query(`ALTER TABLE "physical_copy" VALIDATE CONSTRAINT "ck_physical_copy__${name}"`);
  }

  /** The rules go with their columns. */
  async down(): Promise<void> {}
}
