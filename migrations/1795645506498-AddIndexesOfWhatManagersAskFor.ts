import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Name, table, columns and condition. */
const INDEXES = [
  [
    'ix_physical_copy__held',
    'physical_copy',
    '"data_location_id", "type", "updated_at"',
    `"status" <> 'deleted'`,
  ],
  ['ix_executed_obs_unit__running', 'executed_obs_unit', '"id"', `"status" = 'running'`],
  [
    'ix_executed_reduction_step__reading',
    'executed_reduction_step',
    '"input_set_id"',
    `"status" NOT IN ('completed', 'failed', 'cancelled')`,
  ],
  ...[
    'raw_data_package',
    'data_transfer_package',
    'data_transfer',
    'data_transfer_unpacking',
    'long_term_archive_transfer',
    'staging_job',
    'executed_reduction_step',
  ].map((table) => [`ix_${table}__failed`, table, '"updated_at"', `"status" = 'failed'`]),
];

/** What the managers poll for is found without what rests. Built concurrently, since services go on. */
export class AddIndexesOfWhatManagersAskFor1795645506498 implements MigrationInterface {
  readonly name = 'AddIndexesOfWhatManagersAskFor1795645506498';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    // What an earlier try may have left unfinished would count as being there.
    await this.down(queryRunner);
    for (const [index, table, columns, condition] of INDEXES)
      await queryRunner.query(`
      CREATE INDEX CONCURRENTLY "${index}" ON "${table}" (${columns})
      WHERE ${condition}
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [index] of INDEXES)
      await queryRunner.query(`
      DROP INDEX CONCURRENTLY IF EXISTS "${index}"
    `);
  }
}
