import type { EntityManager, ObjectLiteral } from 'typeorm';
import { ReductionStep } from '../../src/entities/index.js';
import { Maker } from '../../src/tools/testing/maker.js';
import { recipes } from '../../src/tools/testing/recipes.js';

/** The rows by the name of their class. */
export type OneOfEach = Readonly<Record<string, ObjectLiteral>>;

/**
 * Inserts one valid row of every class that has rows, and one of every junction table, into tables without rows. The three
 * locations stand at three sites.
 */
export async function oneOfEach(manager: EntityManager): Promise<OneOfEach> {
  const maker = new Maker(manager);
  // Rows that the cases of reduction steps and their dependencies refer to.
  await maker.one(ReductionStep, '', { position: 1 });
  await maker.one(ReductionStep, 'second', { position: 2 });
  await maker.one(ReductionStep, 'later', { position: 4 });
  const rows: Record<string, ObjectLiteral> = {};
  for (const entity of recipes.keys()) rows[entity.name] = await maker.one(entity);
  return rows;
}
