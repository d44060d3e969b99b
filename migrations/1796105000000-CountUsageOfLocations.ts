import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts what lies at each location from now on; the next migration adds what lies there already. Each statement is by itself, so
 * that no table is locked for longer than the server takes to change its catalogue.
 */
export class CountUsageOfLocations1796105000000 implements MigrationInterface {
  readonly name = 'CountUsageOfLocations1796105000000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    // What an earlier try may have left stays in its way.
    await this.down(queryRunner);
    for (const statement of TABLE) await queryRunner.query(statement);
    for (const [name, body] of Object.entries(FUNCTIONS))
      await queryRunner.query(
        `CREATE OR REPLACE FUNCTION "${name}"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $body$${body}$body$`,
      );
    for (const { name, event, action } of TRIGGERS)
      await queryRunner.query(`CREATE TRIGGER "${name}" ${event} EXECUTE FUNCTION "${action}"()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { name, table } of TRIGGERS)
      if (table !== 'location_usage_entry')
        await queryRunner.query(`DROP TRIGGER IF EXISTS "${name}" ON "${table}"`);
    await queryRunner.query('DROP TABLE IF EXISTS "location_usage_entry"');
    for (const name of Object.keys(FUNCTIONS)) await queryRunner.query(`DROP FUNCTION IF EXISTS "${name}"()`);
  }
}

const TABLE = [
  `CREATE TABLE "location_usage_entry" ("id" SERIAL NOT NULL, "data_location_id" integer NOT NULL, "copy_type" text NOT NULL, "copy_status" text NOT NULL, "copies" bigint NOT NULL, "bytes" bigint NOT NULL, CONSTRAINT "ck_location_usage_entry__copy_type" CHECK ("copy_type" <> ''), CONSTRAINT "ck_location_usage_entry__copy_status" CHECK ("copy_status" <> ''), CONSTRAINT "ck_location_usage_entry__copies" CHECK ("copies" = CAST("copies" AS bigint)), CONSTRAINT "ck_location_usage_entry__bytes" CHECK ("bytes" = CAST("bytes" AS bigint)), CONSTRAINT "pk_location_usage_entry" PRIMARY KEY ("id")); COMMENT ON COLUMN "location_usage_entry"."id" IS 'Key of the row, given by the database.'; COMMENT ON COLUMN "location_usage_entry"."data_location_id" IS 'Location where the copies lie.'; COMMENT ON COLUMN "location_usage_entry"."copy_type" IS 'What the copies are copies of, as physical_copy.type.'; COMMENT ON COLUMN "location_usage_entry"."copy_status" IS 'Status of the copies, as physical_copy.status.'; COMMENT ON COLUMN "location_usage_entry"."copies" IS 'How many more copies there are; negative: fewer.'; COMMENT ON COLUMN "location_usage_entry"."bytes" IS 'How many more bytes the copies take; negative: fewer; staged packages take none.'`,
  `CREATE INDEX "ix_location_usage_entry__data_location_id_copy_type_copy_status" ON "location_usage_entry"  ("data_location_id", "copy_type", "copy_status") `,
  `COMMENT ON TABLE "location_usage_entry" IS 'A change of what lies at a location; the sum of all entries is what lies there.'`,
  `ALTER TABLE "location_usage_entry" ADD CONSTRAINT "fk_location_usage_entry__data_location_id" FOREIGN KEY ("data_location_id") REFERENCES "data_location"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
];

const FUNCTIONS: Readonly<Record<string, string>> = {
  ccat_ops_db_count_copies: `
DECLARE
  outer_path text := pg_catalog.current_setting('search_path');
BEGIN
  PERFORM pg_catalog.set_config('search_path', pg_catalog.quote_ident(TG_TABLE_SCHEMA) || ', pg_temp', true);
  IF TG_OP = 'INSERT' THEN
    INSERT INTO location_usage_entry (data_location_id, copy_type, copy_status, copies, bytes) SELECT data_location_id, copy_type, copy_status, sum(copies) AS copies, sum(bytes) AS bytes
        FROM (SELECT it.data_location_id, CAST(it.type AS text) AS copy_type, CAST(it.status AS text) AS copy_status,
          1 AS copies, (CASE WHEN it.status = 'staged' THEN 0 ELSE coalesce(CASE it.type WHEN 'raw_data_file_physical_copy' THEN (SELECT size_bytes FROM raw_data_file WHERE id = it.raw_data_file_id) WHEN 'raw_data_package_physical_copy' THEN (SELECT size_bytes FROM raw_data_package WHERE id = it.raw_data_package_id) WHEN 'data_transfer_package_physical_copy' THEN (SELECT size_bytes FROM data_transfer_package WHERE id = it.data_transfer_package_id) WHEN 'data_product_physical_copy' THEN (SELECT size_bytes FROM data_product WHERE id = it.data_product_id) END, 0) END) AS bytes
        FROM arrived it WHERE it.status <> 'deleted') AS changed GROUP BY data_location_id, copy_type, copy_status
        HAVING sum(copies) <> 0 OR sum(bytes) <> 0;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO location_usage_entry (data_location_id, copy_type, copy_status, copies, bytes) SELECT data_location_id, copy_type, copy_status, sum(copies) AS copies, sum(bytes) AS bytes
        FROM (SELECT it.data_location_id, CAST(it.type AS text) AS copy_type, CAST(it.status AS text) AS copy_status,
          1 AS copies, (CASE WHEN it.status = 'staged' THEN 0 ELSE coalesce(CASE it.type WHEN 'raw_data_file_physical_copy' THEN (SELECT size_bytes FROM raw_data_file WHERE id = it.raw_data_file_id) WHEN 'raw_data_package_physical_copy' THEN (SELECT size_bytes FROM raw_data_package WHERE id = it.raw_data_package_id) WHEN 'data_transfer_package_physical_copy' THEN (SELECT size_bytes FROM data_transfer_package WHERE id = it.data_transfer_package_id) WHEN 'data_product_physical_copy' THEN (SELECT size_bytes FROM data_product WHERE id = it.data_product_id) END, 0) END) AS bytes
        FROM arrived it WHERE it.status <> 'deleted' UNION ALL SELECT it.data_location_id, CAST(it.type AS text) AS copy_type, CAST(it.status AS text) AS copy_status,
          -1 AS copies, -(CASE WHEN it.status = 'staged' THEN 0 ELSE coalesce(CASE it.type WHEN 'raw_data_file_physical_copy' THEN (SELECT size_bytes FROM raw_data_file WHERE id = it.raw_data_file_id) WHEN 'raw_data_package_physical_copy' THEN (SELECT size_bytes FROM raw_data_package WHERE id = it.raw_data_package_id) WHEN 'data_transfer_package_physical_copy' THEN (SELECT size_bytes FROM data_transfer_package WHERE id = it.data_transfer_package_id) WHEN 'data_product_physical_copy' THEN (SELECT size_bytes FROM data_product WHERE id = it.data_product_id) END, 0) END) AS bytes
        FROM gone it WHERE it.status <> 'deleted') AS changed GROUP BY data_location_id, copy_type, copy_status
        HAVING sum(copies) <> 0 OR sum(bytes) <> 0;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO location_usage_entry (data_location_id, copy_type, copy_status, copies, bytes) SELECT data_location_id, copy_type, copy_status, sum(copies) AS copies, sum(bytes) AS bytes
        FROM (SELECT it.data_location_id, CAST(it.type AS text) AS copy_type, CAST(it.status AS text) AS copy_status,
          -1 AS copies, -(CASE WHEN it.status = 'staged' THEN 0 ELSE coalesce(CASE it.type WHEN 'raw_data_file_physical_copy' THEN (SELECT size_bytes FROM raw_data_file WHERE id = it.raw_data_file_id) WHEN 'raw_data_package_physical_copy' THEN (SELECT size_bytes FROM raw_data_package WHERE id = it.raw_data_package_id) WHEN 'data_transfer_package_physical_copy' THEN (SELECT size_bytes FROM data_transfer_package WHERE id = it.data_transfer_package_id) WHEN 'data_product_physical_copy' THEN (SELECT size_bytes FROM data_product WHERE id = it.data_product_id) END, 0) END) AS bytes
        FROM gone it WHERE it.status <> 'deleted') AS changed GROUP BY data_location_id, copy_type, copy_status
        HAVING sum(copies) <> 0 OR sum(bytes) <> 0;
  ELSE
    DELETE FROM location_usage_entry;
  END IF;
  PERFORM pg_catalog.set_config('search_path', outer_path, true);
  RETURN NULL;
END`,
  ccat_ops_db_count_size: `
DECLARE
  outer_path text := pg_catalog.current_setting('search_path');
BEGIN
  PERFORM pg_catalog.set_config('search_path', pg_catalog.quote_ident(TG_TABLE_SCHEMA) || ', pg_temp', true);
  IF TG_TABLE_NAME = 'raw_data_file' THEN
    INSERT INTO location_usage_entry (data_location_id, copy_type, copy_status, copies, bytes)
      SELECT it.data_location_id, CAST(it.type AS text), CAST(it.status AS text), 0,
        coalesce(NEW.size_bytes, 0) - coalesce(OLD.size_bytes, 0)
      FROM physical_copy it WHERE it.raw_data_file_id = NEW.id AND it.status NOT IN ('deleted', 'staged');
  END IF;
  IF TG_TABLE_NAME = 'raw_data_package' THEN
    INSERT INTO location_usage_entry (data_location_id, copy_type, copy_status, copies, bytes)
      SELECT it.data_location_id, CAST(it.type AS text), CAST(it.status AS text), 0,
        coalesce(NEW.size_bytes, 0) - coalesce(OLD.size_bytes, 0)
      FROM physical_copy it WHERE it.raw_data_package_id = NEW.id AND it.status NOT IN ('deleted', 'staged');
  END IF;
  IF TG_TABLE_NAME = 'data_transfer_package' THEN
    INSERT INTO location_usage_entry (data_location_id, copy_type, copy_status, copies, bytes)
      SELECT it.data_location_id, CAST(it.type AS text), CAST(it.status AS text), 0,
        coalesce(NEW.size_bytes, 0) - coalesce(OLD.size_bytes, 0)
      FROM physical_copy it WHERE it.data_transfer_package_id = NEW.id AND it.status NOT IN ('deleted', 'staged');
  END IF;
  IF TG_TABLE_NAME = 'data_product' THEN
    INSERT INTO location_usage_entry (data_location_id, copy_type, copy_status, copies, bytes)
      SELECT it.data_location_id, CAST(it.type AS text), CAST(it.status AS text), 0,
        coalesce(NEW.size_bytes, 0) - coalesce(OLD.size_bytes, 0)
      FROM physical_copy it WHERE it.data_product_id = NEW.id AND it.status NOT IN ('deleted', 'staged');
  END IF;
  PERFORM pg_catalog.set_config('search_path', outer_path, true);
  RETURN NULL;
END`,
  ccat_ops_db_fold_usage: `
DECLARE
  outer_path text := pg_catalog.current_setting('search_path');
BEGIN
  PERFORM pg_catalog.set_config('search_path', pg_catalog.quote_ident(TG_TABLE_SCHEMA) || ', pg_temp', true);
  IF pg_catalog.current_setting('transaction_isolation') = 'read committed' THEN
    WITH folded AS (
      DELETE FROM location_usage_entry WHERE id IN (
        SELECT id FROM location_usage_entry WHERE (data_location_id, copy_type, copy_status) IN (
          SELECT data_location_id, copy_type, copy_status FROM location_usage_entry GROUP BY 1, 2, 3 HAVING count(*) > 1
        ) ORDER BY id LIMIT 10000 FOR UPDATE SKIP LOCKED
      ) RETURNING data_location_id, copy_type, copy_status, copies, bytes
    )
    INSERT INTO location_usage_entry (data_location_id, copy_type, copy_status, copies, bytes) SELECT data_location_id, copy_type, copy_status, sum(copies) AS copies, sum(bytes) AS bytes
        FROM (SELECT * FROM folded) AS changed GROUP BY data_location_id, copy_type, copy_status
        HAVING sum(copies) <> 0 OR sum(bytes) <> 0;
  END IF;
  PERFORM pg_catalog.set_config('search_path', outer_path, true);
  RETURN NULL;
END`,
};

const TRIGGERS = [
  {
    name: 'tr_physical_copy__count_insert',
    table: 'physical_copy',
    event: 'AFTER INSERT ON "physical_copy" REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT',
    action: 'ccat_ops_db_count_copies',
  },
  {
    name: 'tr_physical_copy__count_update',
    table: 'physical_copy',
    event:
      'AFTER UPDATE ON "physical_copy" REFERENCING OLD TABLE AS gone NEW TABLE AS arrived FOR EACH STATEMENT',
    action: 'ccat_ops_db_count_copies',
  },
  {
    name: 'tr_physical_copy__count_delete',
    table: 'physical_copy',
    event: 'AFTER DELETE ON "physical_copy" REFERENCING OLD TABLE AS gone FOR EACH STATEMENT',
    action: 'ccat_ops_db_count_copies',
  },
  {
    name: 'tr_physical_copy__count_truncate',
    table: 'physical_copy',
    event: 'AFTER TRUNCATE ON "physical_copy"  FOR EACH STATEMENT',
    action: 'ccat_ops_db_count_copies',
  },
  {
    name: 'tr_raw_data_file__count_size',
    table: 'raw_data_file',
    event:
      'AFTER UPDATE OF "size_bytes" ON "raw_data_file" FOR EACH ROW WHEN (OLD."size_bytes" IS DISTINCT FROM NEW."size_bytes")',
    action: 'ccat_ops_db_count_size',
  },
  {
    name: 'tr_raw_data_package__count_size',
    table: 'raw_data_package',
    event:
      'AFTER UPDATE OF "size_bytes" ON "raw_data_package" FOR EACH ROW WHEN (OLD."size_bytes" IS DISTINCT FROM NEW."size_bytes")',
    action: 'ccat_ops_db_count_size',
  },
  {
    name: 'tr_data_transfer_package__count_size',
    table: 'data_transfer_package',
    event:
      'AFTER UPDATE OF "size_bytes" ON "data_transfer_package" FOR EACH ROW WHEN (OLD."size_bytes" IS DISTINCT FROM NEW."size_bytes")',
    action: 'ccat_ops_db_count_size',
  },
  {
    name: 'tr_data_product__count_size',
    table: 'data_product',
    event:
      'AFTER UPDATE OF "size_bytes" ON "data_product" FOR EACH ROW WHEN (OLD."size_bytes" IS DISTINCT FROM NEW."size_bytes")',
    action: 'ccat_ops_db_count_size',
  },
  {
    name: 'tr_location_usage_entry__fold',
    table: 'location_usage_entry',
    event: 'AFTER INSERT ON "location_usage_entry" FOR EACH ROW WHEN (NEW."id" % 64 = 0)',
    action: 'ccat_ops_db_fold_usage',
  },
];
