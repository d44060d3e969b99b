import type { EntityManager, ObjectLiteral } from 'typeorm';
import { type Made, Maker } from './maker.js';

/**
 * Makes a valid row and the rows that it refers to: a file with its execution, unit, program, source, module and site.
 * Shared rows are made once for each call.
 * @param entity a class, or a family such as `Source`, of which one member is made
 * @param values given values, by property; a row that is given (`obsUnit` or `obsUnitId`) is not made
 * @returns the saved row
 * @throws OpsDbError `argument_invalid` where the class is no entity of this package; what the database refuses
 *
 * @example
 * import { ObsUnit, RawDataFile } from 'ccat-ops-db';
 * import { make } from 'ccat-ops-db/testing';
 *
 * const unit = await make(session, ObsUnit, { priority: 7 });
 * const file = await make(session, RawDataFile, { relativePath: 'night/1.fits' });
 * console.log(unit.priority, file.relativePath); // 7 night/1.fits
 */
export async function make<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: Made<T>,
  values: Partial<T> = {},
): Promise<T> {
  return new Maker(manager).make(entity, values);
}
