import type { EntityManager } from 'typeorm';
import { dialectOf } from './dialect.js';

/**
 * Lets one program at a time do a piece of work that reads what is there and writes what is missing: others wait until its transaction ends,
 * and then find nothing to do. SQLite has one writer at a time by itself.
 * @param manager of a transaction
 * @param work what is done, the same text in all programs
 */
export async function oneAtATime(manager: EntityManager, work: string): Promise<void> {
  if (dialectOf(manager).hasServer)
    await manager.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`ccat-ops-db ${work}`]);
}
