import type { EntityManager } from 'typeorm';
import { ExecutedObsUnit, type InstrumentModule, ObsUnit, ObsUnitState } from '../../entities/index.js';
import { assertInstant } from '../../values/arguments.js';
import { readMany } from '../reading/index.js';
import { loadFollowedSources } from './followed.js';

/** A unit with the modules that write its data. */
export interface ObservableUnit {
  /** The unit, with its source, its mode, and its modules with their instruments and telescopes. */
  readonly unit: ObsUnit;
  /** The modules that observe. */
  readonly modules: readonly InstrumentModule[];
}

/**
 * The units that the scheduler may choose, in the order of their names: available, active, and with modules and
 * instruments that are available.
 *
 * @example
 * import { observableUnits } from 'ccat-ops-db';
 *
 * const units = await observableUnits(session);
 * const ofChai = units.filter(({ modules }) => modules.some(({ instrument }) => instrument?.name === 'CHAI'));
 * console.log(ofChai.length > 0 && ofChai.length < units.length); // true
 */
export async function observableUnits(manager: EntityManager): Promise<ObservableUnit[]> {
  const units = await readMany(manager, ObsUnit, {
    where: { available: true, state: ObsUnitState.ACTIVE },
    relations: {
      source: true,
      obsMode: true,
      instrumentModuleConfigurations: { instrumentModule: { instrument: { telescope: true } } },
    },
    order: { name: 'ASC' },
  });
  await loadFollowedSources(manager, units);
  return units
    .map((unit) => ({ unit, modules: modulesOf(unit) }))
    .filter(
      ({ modules }) =>
        modules.length > 0 &&
        modules.every(({ available, instrument }) => available && instrument?.available),
    );
}

function modulesOf({ instrumentModuleConfigurations = [] }: ObsUnit): InstrumentModule[] {
  const modules = new Map(
    instrumentModuleConfigurations.map(({ instrumentModule }) => [instrumentModule?.id, instrumentModule]),
  );
  return [...modules.values()].filter((module) => module !== undefined).sort((a, b) => a.id - b.id);
}

/**
 * When each unit was observed last, of the executions that began before an instant.
 * @param before UTC
 * @returns by the key of the unit
 * @throws OpsDbError `value_invalid` for what is no instant
 *
 * @example
 * import { lastEndsBefore, ObsUnit } from 'ccat-ops-db';
 *
 * const ends = await lastEndsBefore(session, new Date('2026-12-01T12:00:00Z'));
 * const unit = await session.findOneByOrFail(ObsUnit, { name: '3C273/daisy/Prime-Cam' });
 * console.log(ends.get(unit.id)?.toISOString()); // 2026-11-30T12:03:00.000Z
 */
export async function lastEndsBefore(manager: EntityManager, before: Date): Promise<Map<number, Date>> {
  assertInstant('before', before);
  const rows = await manager
    .createQueryBuilder(ExecutedObsUnit, 'execution')
    .select('execution.obsUnitId', 'unit')
    .addSelect('MAX(execution.endTime)', 'end')
    .where('execution.startTime < :before', { before })
    .groupBy('execution.obsUnitId')
    .getRawMany<{ unit: number; end: Date | string | null }>();
  return new Map(rows.flatMap(({ unit, end }) => (end === null ? [] : [[unit, instant(end)]])));
}

/** SQLite gives the text of an instant where the column is computed. */
function instant(value: Date | string): Date {
  return value instanceof Date ? value : new Date(`${value.replace(' ', 'T')}Z`);
}
