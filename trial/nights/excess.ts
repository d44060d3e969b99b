import type { EntityManager } from 'typeorm';

/*
 * Looks at the end of each transaction whether more lies at a place than its capacity, so that no moment is missed between two looks of the
 * simulation.
 */
const TABLE = 'trial_excess';

/** Has the database note from now on where more lies than there is room for. */
export async function noteExcess(manager: EntityManager): Promise<void> {
  await manager.query(`CREATE TABLE ${TABLE} (data_location_id integer, bytes numeric)`);
  await manager.query(`
    CREATE FUNCTION ${TABLE}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO ${TABLE} SELECT place.id, sum(entry.bytes)
      FROM data_location place JOIN location_usage_entry entry ON entry.data_location_id = place.id
      WHERE place.id = NEW.data_location_id GROUP BY place.id HAVING sum(entry.bytes) > place.capacity_bytes;
      RETURN NULL;
    END $$`);
  await manager.query(`
    CREATE CONSTRAINT TRIGGER tr_${TABLE} AFTER INSERT ON location_usage_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ${TABLE}()`);
}

/** Where there was more than fits, and how much at most. */
export async function excess(manager: EntityManager): Promise<string[]> {
  const rows = await manager.query(
    `SELECT place.name, max(seen.bytes) AS bytes FROM ${TABLE} seen JOIN data_location place ON place.id = seen.data_location_id
     GROUP BY place.name ORDER BY place.name`,
  );
  return rows.map(({ name, bytes }: { name: string; bytes: string }) => `${bytes} bytes lay at ${name}`);
}
