import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The column that leads from work to what it works on, by table. */
const SUBJECTS = {
  data_transfer: 'data_transfer_package_id',
  data_transfer_unpacking: 'data_transfer_id',
  long_term_archive_transfer: 'raw_data_package_id',
};

const OTHERS = ['data_transfer_package', 'raw_data_package', 'executed_reduction_step', 'staging_job'];

/** The deletion rule asks for failed work that may be tried again. Built concurrently. */
export class AddIndexesOfRevivableWork1796000901000 implements MigrationInterface {
  readonly name = 'AddIndexesOfRevivableWork1796000901000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    // What an earlier try may have left unfinished would count as being there.
    await this.down(queryRunner);
    for (const table of [...Object.keys(SUBJECTS), ...OTHERS])
      await queryRunner.query(`ALTER TABLE "${table}" VALIDATE CONSTRAINT "ck_${table}__given_up_by"`);
    for (const [table, column] of Object.entries(SUBJECTS))
      await queryRunner.query(`
        CREATE INDEX CONCURRENTLY "ix_${table}__revivable" ON "${table}" ("${column}")
        WHERE "status" = 'failed' AND "given_up_at" IS NULL
      `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of Object.keys(SUBJECTS))
      await queryRunner.query(`DROP INDEX CONCURRENTLY IF EXISTS "ix_${table}__revivable"`);
  }
}
