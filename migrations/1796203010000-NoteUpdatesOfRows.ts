import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  'permission',
  'role',
  'user',
  'api_token',
  'site',
  'data_location',
  'data_transfer_package',
  'observatory',
  'telescope',
  'instrument',
  'instrument_slot',
  'instrument_module',
  'instrument_module_configuration',
  'obs_mode',
  'observation_configuration',
  'observing_program',
  'source',
  'spectral_line',
  'sub_observing_program',
  'obs_unit',
  'executed_obs_unit',
  'raw_data_package',
  'raw_data_file',
  'raw_data_package_metadata',
  'time_correction',
  'input_set',
  'reduction_software',
  'reduction_software_version',
  'data_grouping',
  'pipeline',
  'reduction_step_config',
  'reduction_step',
  'executed_reduction_step',
  'data_product',
  'physical_copy',
  'deletion_policy',
  'retention_policy',
  'chai_inpar_parameter',
  'chai_tiling',
  'pre_scheduled_slot',
  'source_name',
  'time_allocation',
  'input_set_member',
  'reduction_step_dependency',
  'data_transfer_route',
  'data_transfer',
  'data_transfer_log',
  'data_transfer_unpacking',
  'long_term_archive_transfer',
  'staging_job',
];

/**
 * The database notes when a row was changed, whoever changes it. Each statement is sent by itself, so that no table is locked for
 * longer than the server takes to change its catalogue; until all are there, rows are written as before.
 */
export class NoteUpdatesOfRows1796203010000 implements MigrationInterface {
  readonly name = 'NoteUpdatesOfRows1796203010000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION "ccat_ops_db_note_update"() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW.updated_at := pg_catalog.statement_timestamp();
  RETURN NEW;
END$body$`);
    for (const table of TABLES)
      await queryRunner.query(
        `CREATE OR REPLACE TRIGGER "tr_${table}__updated" BEFORE UPDATE ON "${table}" FOR EACH ROW ` +
          'WHEN (NEW."updated_at" IS NOT DISTINCT FROM OLD."updated_at") EXECUTE FUNCTION "ccat_ops_db_note_update"()',
      );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await queryRunner.query(`DROP TRIGGER IF EXISTS "tr_${table}__updated" ON "${table}"`);
    await queryRunner.query('DROP FUNCTION IF EXISTS "ccat_ops_db_note_update"()');
  }
}
