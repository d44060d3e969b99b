import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['executed_obs_unit', 'pre_scheduled_slot'];
const PARENTS = ['telescope', 'instrument'];

/** A telescope or instrument that slots and executions name cannot be deleted. */
export class KeepTelescopesOfTimes1796209007000 implements MigrationInterface {
  readonly name = 'KeepTelescopesOfTimes1796209007000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      for (const parent of PARENTS) {
        const column = `${parent}_id`;
        // A trigger writes the telescope and instrument of the unit instead.
        await queryRunner.query(`
          UPDATE "${table}" SET "${column}" = NULL
          WHERE "${column}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "${parent}" WHERE "id" = "${table}"."${column}")
        `);
        await queryRunner.query(`
          ALTER TABLE "${table}" ADD CONSTRAINT "fk_${table}__${column}" FOREIGN KEY ("${column}")
            REFERENCES "${parent}" ("id") ON DELETE RESTRICT
        `);
      }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      for (const parent of PARENTS)
        await queryRunner.query(`ALTER TABLE "${table}" DROP CONSTRAINT "fk_${table}__${parent}_id"`);
  }
}
