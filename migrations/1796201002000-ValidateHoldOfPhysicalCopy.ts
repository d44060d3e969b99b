import type { MigrationInterface, QueryRunner } from 'typeorm';

const CONSTRAINTS = ['keep_reason', 'kept_by', 'held_with_reason'];

/** Looks at all copies for the new rules, by itself: it takes long, and locks nobody out. */
export class ValidateHoldOfPhysicalCopy1796201002000 implements MigrationInterface {
  readonly name = 'ValidateHoldOfPhysicalCopy1796201002000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const name of CONSTRAINTS)
      await queryRunner.query(`ALTER TABLE "physical_copy" VALIDATE CONSTRAINT "ck_physical_copy__${name}"`);
  }

  /** The rules go with their columns. */
  async down(): Promise<void> {}
}
