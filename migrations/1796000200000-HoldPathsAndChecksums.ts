import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables with the column of a relative path. */
const TABLES = [
  ['raw_data_file', 'relative_path'],
  ['raw_data_package', 'relative_path'],
  ['data_transfer_package', 'relative_path'],
  ['data_product', 'relative_path'],
  ['physical_copy', 'path'],
] as const;

const LENGTHS = `coalesce(length("checksum"), -1) = CASE "checksum_algorithm" WHEN 'sha256' THEN 64 WHEN 'md5' THEN 32
  WHEN 'xxh128' THEN 32 WHEN 'crc32c' THEN 8 ELSE -1 END`;

/**
 * A relative path never leads out of its root, and a checksum consists of hexadecimal digits in lower case. Rows from before
 * are not read here, so that the tables are locked for a moment only; a later migration does.
 */
export class HoldPathsAndChecksums1796000200000 implements MigrationInterface {
  readonly name = 'HoldPathsAndChecksums1796000200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, path] of TABLES)
      await queryRunner.query(`
        ALTER TABLE "${table}"
          DROP CONSTRAINT "ck_${table}__${path}",
          DROP CONSTRAINT "ck_${table}__checksum_checksum_algorithm",
          ADD CONSTRAINT "ck_${table}__${path}" CHECK (
            "${path}" !~ '(^|/)\\.{0,2}(/|$)|[\\u0001-\\u001f\\u007f]' AND octet_length("${path}") <= 1024
          ) NOT VALID,
          ADD CONSTRAINT "ck_${table}__checksum_checksum_algorithm" CHECK (
            ${LENGTHS} AND ltrim(coalesce("checksum", ''), '0123456789abcdef') = ''
          ) NOT VALID
      `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [table, path] of TABLES)
      await queryRunner.query(`
        ALTER TABLE "${table}"
          DROP CONSTRAINT "ck_${table}__${path}",
          DROP CONSTRAINT "ck_${table}__checksum_checksum_algorithm",
          ADD CONSTRAINT "ck_${table}__${path}" CHECK ("${path}" <> ''),
          ADD CONSTRAINT "ck_${table}__checksum_checksum_algorithm" CHECK (${LENGTHS})
      `);
  }
}
