import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of work; their rows wait for a worker when they are pending. */
const WORK = [
  'raw_data_package',
  'data_transfer_package',
  'data_transfer',
  'data_transfer_unpacking',
  'long_term_archive_transfer',
  'staging_job',
  'executed_reduction_step',
];

/**
 * Tells those who wait for work or changes, with the table and the key of a row. The statements are sent together, so
 * that no table is locked for longer than the server takes to change its catalogue.
 */
export class NotifyOfWorkAndChanges1796000740000 implements MigrationInterface {
  readonly name = 'NotifyOfWorkAndChanges1796000740000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    const functions = Object.entries(FUNCTIONS).map(
      ([name, body]) =>
        `CREATE OR REPLACE FUNCTION "${name}"() RETURNS trigger LANGUAGE plpgsql AS $body$${body}$body$`,
    );
    await queryRunner.query(functions.join(';\n'));
    for (const { table, name, event, action } of TRIGGERS)
      await queryRunner.query(
        `CREATE OR REPLACE TRIGGER "tr_${table}__${name}" ${event} EXECUTE FUNCTION "ccat_ops_db_${action}"()`,
      );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { table, name } of TRIGGERS)
      await queryRunner.query(`DROP TRIGGER IF EXISTS "tr_${table}__${name}" ON "${table}"`);
    for (const name of Object.keys(FUNCTIONS)) await queryRunner.query(`DROP FUNCTION IF EXISTS "${name}"()`);
  }
}

const FUNCTIONS: Readonly<Record<string, string>> = {
  ccat_ops_db_notify_work: `
BEGIN
  PERFORM pg_catalog.pg_notify('ccat_ops_db_work', TG_TABLE_NAME || ' ' || NEW.id);
  RETURN NULL;
END`,
  ccat_ops_db_notify_change: `
BEGIN
  PERFORM pg_catalog.pg_notify('ccat_ops_db_change', '');
  RETURN NULL;
END`,
  ccat_ops_db_number_transaction: `
BEGIN
  NEW.transaction_number := (('x' || pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8))::bit(32)::bigint << 40)
    + pg_catalog.pg_current_xact_id()::text::bigint;
  RETURN NEW;
END`,
};

function waiting(table: string, condition: string) {
  const event = `AFTER INSERT OR UPDATE ON "${table}" FOR EACH ROW WHEN (${condition})`;
  return { table, name: 'waiting', event, action: 'notify_work' };
}

const TRIGGERS = [
  ...WORK.map((table) => waiting(table, `NEW."status" = 'pending'`)),
  waiting('physical_copy', `NEW."status" IN ('deletion_scheduled', 'deletion_failed')`),
  {
    table: 'status_history',
    name: 'transaction',
    event: 'BEFORE INSERT ON "status_history" FOR EACH ROW',
    action: 'number_transaction',
  },
  {
    table: 'status_history',
    name: 'change',
    event: 'AFTER INSERT ON "status_history" FOR EACH STATEMENT',
    action: 'notify_change',
  },
];
