import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns with their type, rule and comment. */
const COLUMNS: readonly (readonly [name: string, type: string, rule: string | null, comment: string])[] = [
  ['claimed_by', 'text', `"claimed_by" <> ''`, 'Worker that is deleting the copy; null: nobody.'],
  [
    'heartbeat_at',
    'TIMESTAMP(3) WITH TIME ZONE',
    null,
    'Last sign of life of the worker that is deleting the copy, UTC; null: nobody is.',
  ],
  [
    'started_at',
    'TIMESTAMP(3) WITH TIME ZONE',
    null,
    'When the deletion was begun last, UTC; null: not yet.',
  ],
  [
    'retry_count',
    `integer NOT NULL DEFAULT '0'`,
    `"retry_count" >= 0 AND "retry_count" = CAST("retry_count" AS integer)`,
    'How often the deletion failed.',
  ],
  [
    'next_retry_at',
    'TIMESTAMP(3) WITH TIME ZONE',
    null,
    'Earliest time of the next try to delete the copy, UTC; null: at once.',
  ],
  [
    'last_error',
    'text',
    `"last_error" <> ''`,
    'Why the last try to delete the copy failed; null: none failed.',
  ],
];

/**
 * A deletion gets an owner, signs of life and a pause after each try that failed. The statements are sent together, so
 * that the table is locked no longer than the server takes to change its catalogue.
 */
export class AddOwnerToPhysicalCopy1796000700000 implements MigrationInterface {
  readonly name = 'AddOwnerToPhysicalCopy1796000700000';
  readonly transaction = false as const;

  async up(queryRunner: QueryRunner): Promise<void> {
    const changes = COLUMNS.flatMap(([name, type, rule]) => [
      `ADD "${name}" ${type}`,
      ...(rule ? [`ADD CONSTRAINT "ck_physical_copy__${name}" CHECK (${rule}) NOT VALID`] : []),
    ]);
    const comments = COLUMNS.map(
      ([name, , , comment]) => `COMMENT ON COLUMN "physical_copy"."${name}" IS '${comment}'`,
    );
    // What an earlier try may have left stays in its way.
    await this.down(queryRunner);
    await queryRunner.query([`ALTER TABLE "physical_copy" ${changes.join(', ')}`, ...comments].join(';\n'));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const changes = COLUMNS.map(([name]) => `DROP COLUMN IF EXISTS "${name}"`);
    await queryRunner.query(`ALTER TABLE "physical_copy" ${changes.join(', ')}`);
  }
}
