import type { MigrationInterface, QueryRunner } from 'typeorm';

const NAME = 'uq_instrument_module__instrument_id_readout_name';

/** Files are filed with the name of a module as the readout spells it, so that it must be of one module of an instrument. */
export class LetReadoutNamesStandOnce1796101010000 implements MigrationInterface {
  readonly name = 'LetReadoutNamesStandOnce1796101010000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "instrument_module" ADD CONSTRAINT "${NAME}" UNIQUE ("instrument_id", "readout_name")`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "instrument_module" DROP CONSTRAINT "${NAME}"`);
  }
}
