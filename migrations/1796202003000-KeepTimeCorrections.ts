import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A correction of the accounting is followed by another one, never changed. */
export class KeepTimeCorrections1796202003000 implements MigrationInterface {
  readonly name = 'KeepTimeCorrections1796202003000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE OR REPLACE FUNCTION "ccat_ops_db_keep_correction"() RETURNS trigger LANGUAGE plpgsql AS $body$${BODY}$body$`,
    );
    await queryRunner.query(`
      CREATE TRIGGER "tr_time_correction__kept" BEFORE UPDATE OR DELETE ON "time_correction"
      FOR EACH ROW EXECUTE FUNCTION "ccat_ops_db_keep_correction"()
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TRIGGER "tr_time_correction__kept" ON "time_correction"');
    await queryRunner.query('DROP FUNCTION "ccat_ops_db_keep_correction"()');
  }
}

const BODY = `
BEGIN
  RAISE EXCEPTION USING ERRCODE = '23000', MESSAGE = 'tr_time_correction__kept: a correction stays as it was entered; add another one for the same time, with its reason';
END`;
