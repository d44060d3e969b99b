import type { MigrationInterface, QueryRunner } from 'typeorm';

const CONSTRAINTS = ['bad_reason', 'bad_has_reason', 'bad_never_counts'];

/** Looks at all copies for the new rules, and builds the indexes of their health, by itself: it takes long, and locks nobody out. */
export class ValidateHealthOfPhysicalCopy1796209005000 implements MigrationInterface {
  readonly name = 'ValidateHealthOfPhysicalCopy1796209005000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    // What an earlier try may have left unfinished would count as being there.
    await this.down(queryRunner);
    for (const name of CONSTRAINTS)
      await queryRunner.query(`ALTER TABLE "physical_copy" VALIDATE CONSTRAINT "ck_physical_copy__${name}"`);
    await queryRunner.query(`
      CREATE INDEX CONCURRENTLY "ix_physical_copy__kept" ON "physical_copy" ("data_location_id", "keep_until")
      WHERE "keep_until" IS NOT NULL
    `);
    await queryRunner.query(`
      CREATE INDEX CONCURRENTLY "ix_physical_copy__bad" ON "physical_copy" ("bad_since") WHERE "status" = 'bad'
    `);
    await queryRunner.query(`
      CREATE INDEX CONCURRENTLY "ix_physical_copy__verified" ON "physical_copy" ("data_location_id", "verified_at", "created_at")
      WHERE "status" = 'present'
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of ['kept', 'bad', 'verified'])
      await queryRunner.query(`DROP INDEX CONCURRENTLY IF EXISTS "ix_physical_copy__${name}"`);
  }
}
