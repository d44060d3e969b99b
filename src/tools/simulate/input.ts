import type { EntityManager } from 'typeorm';
import {
  DataLocation,
  type Instrument,
  LocationType,
  PreScheduledSlot,
  Telescope,
} from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { lastEndsBefore, observableUnits } from '../../services/sky/index.js';
import { WRITABLE } from '../../services/transfer/index.js';
import { type NightInput, startOf } from './night-plan.js';

/**
 * Reads the input of the plan of a night. It does not depend on observations of the night itself, so that an
 * interrupted night is planned as before.
 * @throws OpsDbError `seed_data_invalid` when there is no telescope or nothing to observe
 */
export async function readNightInput(
  manager: EntityManager,
  night: string,
  rate: number,
): Promise<NightInput> {
  const telescope = await manager.findOne(Telescope, { where: {}, order: { id: 'ASC' } });
  const units = await observableUnits(manager);
  if (!telescope || units.length === 0)
    throw new OpsDbError(
      'seed_data_invalid',
      'there is no telescope, or no obs unit that may be observed: fill in the starting state with opsdb init',
    );
  const slots = await manager.find(PreScheduledSlot, { order: { startTime: 'ASC', id: 'ASC' } });
  const lastEnds = await lastEndsBefore(manager, startOf(night));
  return { telescope, units, slots, lastEnds, rate };
}

/**
 * Where an instrument writes its files: the source location that is named after it, else the first one.
 * @throws OpsDbError `seed_data_invalid` when there is no source location that can be written to
 */
export async function sourceLocations(
  manager: EntityManager,
): Promise<(instrument: Instrument | undefined) => number> {
  const locations = await manager.find(DataLocation, {
    where: { locationType: LocationType.SOURCE, ...WRITABLE },
    order: { priority: 'ASC', id: 'ASC' },
  });
  const [first] = locations;
  if (!first) throw new OpsDbError('seed_data_invalid', 'there is no active location of type source');
  return (instrument) => {
    const stem = instrument?.name.toLowerCase().replaceAll(/[^a-z0-9]/g, '') ?? '';
    return (locations.find(({ name }) => name.startsWith(stem)) ?? first).id;
  };
}
