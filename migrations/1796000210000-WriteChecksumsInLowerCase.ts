import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A checksum in capitals is the same checksum, but was taken for another one. */
export class WriteChecksumsInLowerCase1796000210000 implements MigrationInterface {
  readonly name = 'WriteChecksumsInLowerCase1796000210000';

  async up(queryRunner: QueryRunner): Promise<void> {
    // A row whose path is not allowed any more must not stop this: the next migration names it.
    for (const table of [
      'raw_data_file',
      'raw_data_package',
      'data_transfer_package',
      'data_product',
      'physical_copy',
    ])
      await queryRunner.query(`
        UPDATE "${table}" SET "checksum" = lower("checksum")
        WHERE "checksum" ~ '[A-F]' AND lower("checksum") ~ '^[0-9a-f]+$'
          AND coalesce("${table === 'physical_copy' ? 'path' : 'relative_path'}", 'none')
            !~ '(^|/)\\.{0,2}(/|$)|[\\u0001-\\u001f\\u007f]'
      `);
  }

  /** Checksums in lower case are right in every version. */
  async down(): Promise<void> {}
}
