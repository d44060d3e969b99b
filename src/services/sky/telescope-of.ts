import type { EntityManager } from 'typeorm';
import { type ObsUnit, Telescope } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';

/**
 * The telescope that carries the instruments of a unit, else the first one.
 * @throws OpsDbError `nothing_found` where the database has no telescope
 */
export async function telescopeOf(manager: EntityManager, unit: Pick<ObsUnit, 'id'>): Promise<Telescope> {
  const telescope =
    (await manager
      .createQueryBuilder(Telescope, 'telescope')
      .innerJoin('instrument', 'instrument', 'instrument.telescope_id = telescope.id')
      .innerJoin('instrument_module', 'module', 'module.instrument_id = instrument.id')
      .innerJoin(
        'instrument_module_configuration',
        'configuration',
        'configuration.instrument_module_id = module.id',
      )
      .innerJoin('obs_unit_module_configuration', 'used', 'used.module_configuration_id = configuration.id')
      .where('used.obs_unit_id = :id', { id: unit.id })
      .orderBy('telescope.id')
      .getOne()) ?? (await manager.findOne(Telescope, { where: {}, order: { id: 'ASC' } }));
  if (telescope) return telescope;
  throw new OpsDbError(
    'nothing_found',
    'the database has no telescope: fill in the starting state with opsdb init',
  );
}
