import { type EntityManager, LessThan } from 'typeorm';
import {
  DataLocation,
  ExecutedObsUnit,
  type Instrument,
  type InstrumentModule,
  LocationType,
  ObsUnit,
  ObsUnitState,
  PreScheduledSlot,
  Source,
  Telescope,
} from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { WRITABLE } from '../../services/transfer/index.js';
import { type NightInput, type ObservableUnit, startOf } from './night-plan.js';

/**
 * Reads what a night is planned from. It does not depend on what was observed in the night itself, so that a night that
 * was broken off is planned as it was.
 * @throws OpsDbError `seed_data_invalid` when there is no telescope or nothing to observe
 */
export async function readNightInput(
  manager: EntityManager,
  night: string,
  rate: number,
): Promise<NightInput> {
  const telescope = await manager.findOne(Telescope, { where: {}, order: { id: 'ASC' } });
  const units = await readUnits(manager);
  if (!telescope || units.length === 0)
    throw new OpsDbError(
      'seed_data_invalid',
      'there is no telescope, or no obs unit that may be observed: fill in the starting state with opsdb init',
    );
  const slots = await manager.find(PreScheduledSlot, { order: { startTime: 'ASC', id: 'ASC' } });
  const ends = await manager
    .createQueryBuilder(ExecutedObsUnit, 'execution')
    .select('execution.obsUnitId', 'unit')
    .addSelect('MAX(execution.endTime)', 'end')
    .where({ startTime: LessThan(startOf(night)) })
    .groupBy('execution.obsUnitId')
    .getRawMany<{ unit: number; end: Date | string | null }>();
  const lastEnds = new Map(ends.flatMap(({ unit, end }) => (end === null ? [] : [[unit, instant(end)]])));
  return { telescope, units, slots, lastEnds, rate };
}

async function readUnits(manager: EntityManager): Promise<ObservableUnit[]> {
  const units = await manager.find(ObsUnit, {
    where: { available: true, state: ObsUnitState.ACTIVE },
    relations: {
      source: true,
      obsMode: true,
      instrumentModuleConfigurations: { instrumentModule: { instrument: true } },
    },
    order: { name: 'ASC' },
  });
  await followed(manager, units);
  return units
    .map((unit) => ({ unit, modules: modulesOf(unit) }))
    .filter(
      ({ modules }) =>
        modules.length > 0 &&
        modules.every(({ available, instrument }) => available && instrument?.available),
    );
}

/** A relation of one member of a family cannot be asked for through the family. */
async function followed(manager: EntityManager, units: readonly ObsUnit[]): Promise<void> {
  for (const { source } of units) {
    const moving = source as { followsSourceId?: number | null; followsSource?: unknown } | undefined;
    if (moving?.followsSourceId)
      moving.followsSource = await manager.findOneByOrFail(Source, { id: moving.followsSourceId });
  }
}

function modulesOf({ instrumentModuleConfigurations = [] }: ObsUnit): InstrumentModule[] {
  const modules = new Map(
    instrumentModuleConfigurations.map(({ instrumentModule }) => [instrumentModule?.id, instrumentModule]),
  );
  return [...modules.values()].filter((module) => module !== undefined).sort((a, b) => a.id - b.id);
}

/** SQLite gives the text of an instant where the column is computed. */
function instant(value: Date | string): Date {
  return value instanceof Date ? value : new Date(`${value.replace(' ', 'T')}Z`);
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
