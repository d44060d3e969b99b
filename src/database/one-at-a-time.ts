import type { EntityManager, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';
import { Statement } from './statement.js';
import { type Step, together } from './together.js';

/**
 * Lets one program at a time do a piece of work that reads what is there and writes what is missing: others wait until its transaction ends,
 * and then find nothing to do. SQLite has one writer at a time by itself.
 * @param manager of a transaction
 * @param work what is done, the same text in all programs
 */
export async function oneAtATime(manager: EntityManager, work: string): Promise<void> {
  await together(manager.queryRunner as QueryRunner, oneAtATimeSteps(manager, work));
}

/** Like {@link oneAtATime}, as a statement in front of the reading ones. */
export function oneAtATimeSteps(manager: EntityManager, work: string): Step[] {
  if (!dialectOf(manager).hasServer) return [];
  return [[LOCK, [`ccat-ops-db ${work}`]]];
}

const LOCK = new Statement('SELECT pg_advisory_xact_lock(hashtext($1))');
