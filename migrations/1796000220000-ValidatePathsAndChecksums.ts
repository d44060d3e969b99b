import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables with the column of a relative path. */
const TABLES = [
  ['raw_data_file', 'relative_path'],
  ['raw_data_package', 'relative_path'],
  ['data_transfer_package', 'relative_path'],
  ['data_product', 'relative_path'],
  ['physical_copy', 'path'],
] as const;

const SHOWN = 5;

/**
 * The rows from before keep the rules on paths and checksums, too. Each table is read without keeping writers waiting. Rows
 * that do not are for an operator to mend: only people know where the file lies.
 */
export class ValidatePathsAndChecksums1796000220000 implements MigrationInterface {
  readonly name = 'ValidatePathsAndChecksums1796000220000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, path] of TABLES) {
      const wrong: { id: string; path: string; checksum: string }[] = await queryRunner.query(`
        SELECT "id", "${path}" AS path, "checksum" FROM "${table}"
        WHERE "${path}" ~ '(^|/)\\.{0,2}(/|$)|[\\u0001-\\u001f\\u007f]' OR octet_length("${path}") > 1024
          OR ltrim("checksum", '0123456789abcdef') <> ''
        LIMIT ${SHOWN}
      `);
      if (wrong.length > 0)
        throw new Error(
          `rows of ${table} have a path that leads out of its root, or a checksum that is not hexadecimal; correct them ` +
            `first: ${wrong.map((row) => JSON.stringify(row)).join(', ')}`,
        );
      await queryRunner.query(`ALTER TABLE "${table}" VALIDATE CONSTRAINT "ck_${table}__${path}"`);
      await queryRunner.query(
        `ALTER TABLE "${table}" VALIDATE CONSTRAINT "ck_${table}__checksum_checksum_algorithm"`,
      );
    }
  }

  /** What is valid may stay so. */
  async down(): Promise<void> {}
}
