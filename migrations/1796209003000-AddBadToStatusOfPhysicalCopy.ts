import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A copy may be bad. A value of an enum can be used once the transaction that adds it has ended. */
export class AddBadToStatusOfPhysicalCopy1796209003000 implements MigrationInterface {
  readonly name = 'AddBadToStatusOfPhysicalCopy1796209003000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TYPE "physical_copy_status_enum" ADD VALUE IF NOT EXISTS 'bad'`);
  }

  /** PostgreSQL takes no value from an enum; nothing uses it then. */
  async down(): Promise<void> {}
}
