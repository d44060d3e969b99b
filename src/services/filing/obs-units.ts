import type { DeepPartial, EntityManager } from 'typeorm';
import { CHUNK } from '../../database/chunks.js';
import { isConstraintViolation } from '../../database/constraint-violation.js';
import { oneOf } from '../../database/one-of.js';
import { ObsMode, ObsUnit, scanIssues } from '../../entities/index.js';
import { InvalidInputError, type Issue, OpsDbError } from '../../errors.js';
import { assertList } from '../../values/arguments.js';
import { canonicalRows, type StrictDoor } from '../../values/canonical.js';
import { explain } from './refusal.js';

/** An obs unit that is to be planned; what is left out has the default of its column. */
export interface NewObsUnit
  extends Partial<
    Omit<
      ObsUnit,
      | 'id'
      | 'createdAt'
      | 'updatedAt'
      | 'source'
      | 'obsMode'
      | 'observingProgram'
      | 'subObservingProgram'
      | 'observationConfiguration'
      | 'line'
    >
  > {
  /** Name of the unit, unique. */
  readonly name: string;
  /** Key of the target. */
  readonly sourceId: number;
  /** Key of the program that the unit belongs to. */
  readonly observingProgramId: number;
  /** Key of the mode, which says what the scan parameters may be. */
  readonly obsModeId: number;
  /** Time requested in all, on source [s]. */
  readonly requestedTimeS: number;
  /** Duration of one execution [s]. */
  readonly durationS: number;
}

const OBS_UNIT: StrictDoor = {
  code: 'filing_refused',
  others: {
    instrumentModuleConfigurations: {
      wanted: 'a list of configurations',
      canonical: (value) => (Array.isArray(value) ? value : undefined),
    },
  },
  required: ['name', 'sourceId', 'observingProgramId', 'obsModeId', 'requestedTimeS', 'durationS'],
};

/**
 * Plans obs units: writes new ones and sets those that are there, by name. Their scan parameters must be such as the survey
 * planner writes for the mode; otherwise nothing is written.
 * @param given with keys of what they refer to
 * @returns the units as they are stored, in the order given
 * @throws InvalidInputError `filing_refused` with every scan parameter that the mode does not take
 * @throws OpsDbError `filing_refused` when a property is not known, a value is none for its column, or the database does not
 *   take a unit
 *
 * @example
 * import { fileObsUnits, InvalidInputError, ObsMode, ObsUnit } from 'ccat-ops-db';
 *
 * const { name: mode, id: obsModeId } = await session.findOneByOrFail(ObsMode, { name: 'daisy' });
 * const { sourceId, observingProgramId } = await session.findOneByOrFail(ObsUnit, { name: '3C84/daisy/Prime-Cam' });
 * const unit = { name: '3C84/wide', sourceId, observingProgramId, obsModeId, requestedTimeS: 600, durationS: 600 };
 * const set = { name: '3C84_wide', onsky_velocity: 0.4, R0: 1, Rt: 0.2, Ra: 0 };
 *
 * const [filed] = await fileObsUnits(session, [{ ...unit, mappingParameters: set }]);
 * console.log(mode, filed?.mappingParameters.R0); // daisy 1
 *
 * const refused = await fileObsUnits(session, [{ ...unit, mappingParameters: { ...set, spacing: 1 } }]).catch(
 *   (error) => (error instanceof InvalidInputError ? error.issues : []),
 * );
 * for (const issue of refused) if ('key' in issue) console.log(issue.key); // mappingParameters.spacing
 */
export async function fileObsUnits(manager: EntityManager, given: readonly NewObsUnit[]): Promise<ObsUnit[]> {
  assertList('units', given);
  const units = given.map(canonicalRows<NewObsUnit>(manager.dataSource.getMetadata(ObsUnit), OBS_UNIT));
  const modes = await manager.findBy(ObsMode, {
    id: oneOf(manager, [...new Set(units.map(({ obsModeId }) => obsModeId))]),
  });
  const names = new Map(modes.map(({ id, name }) => [id, name]));
  const issues = units.flatMap((unit) => issuesOf(unit, names.get(unit.obsModeId) ?? ''));
  if (issues.length > 0)
    throw new InvalidInputError('filing_refused', 'The obs units have issues; nothing was written.', issues);
  try {
    return await manager.transaction(async (nested) => {
      const known = await nested.find(ObsUnit, {
        select: { id: true, name: true },
        where: {
          name: oneOf(
            nested,
            units.map(({ name }) => name),
          ),
        },
      });
      const ids = new Map(known.map(({ id, name }) => [name, id]));
      const rows = units.map((unit) => ({ ...unit, id: ids.get(unit.name) }) as DeepPartial<ObsUnit>);
      const saved = await nested.save(ObsUnit, rows, { chunk: CHUNK });
      return nested
        .findBy(ObsUnit, {
          id: oneOf(
            nested,
            saved.map(({ id }) => id),
          ),
        })
        .then((found) => {
          const byName = new Map(found.map((unit) => [unit.name, unit]));
          return units.map(({ name }) => byName.get(name) as ObsUnit);
        });
    });
  } catch (cause) {
    if (!isConstraintViolation(cause)) throw cause;
    throw new OpsDbError('filing_refused', `The obs units were not written: ${explain(cause)}`, { cause });
  }
}

function issuesOf({ name, mappingParameters: set = {} }: NewObsUnit, mode: string): Issue[] {
  return scanIssues(mode, set)
    .filter(({ refusesStoring }) => refusesStoring)
    .map(({ key, message }) => ({
      origin: name,
      key: `mappingParameters.${key}`,
      value: (Object.hasOwn(set, key) && JSON.stringify(set[key])) || 'nothing',
      message: `${message} (mode ${mode})`,
    }));
}
