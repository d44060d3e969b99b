import type { EntityManager } from 'typeorm';

/** Statements to drop and to restore each: foreign keys first, since they depend on the constraints after them. */
const DEFINITIONS = `
SELECT drop, restore FROM (
  SELECT CASE contype WHEN 'f' THEN 1 ELSE 2 END AS place,
    format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS restore
  FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype IN ('f', 'u')
  UNION ALL
  SELECT 3, format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
  WHERE relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
) AS defined ORDER BY place`;

/**
 * Drops foreign keys, unique constraints and indexes of the tables of a PostgreSQL database, since building each of
 * them once takes a fraction of the time of maintaining it for every row. Within one transaction, so that none can be
 * lost. @returns a function that restores them, and fails where rows violate them
 */
export async function bareTables(manager: EntityManager): Promise<() => Promise<void>> {
  const definitions: { drop: string; restore: string }[] = await manager.query(DEFINITIONS);
  for (const { drop } of definitions) await manager.query(drop);
  await manager.query(`SET LOCAL work_mem = '256MB'`);
  return async () => {
    await manager.query(`SET LOCAL maintenance_work_mem = '1GB'`);
    for (const { restore } of definitions.reverse()) await manager.query(restore);
  };
}
