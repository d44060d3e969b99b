import type { Pool } from 'pg';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

const FACTS = 'SELECT version() AS version, current_database() AS database, current_schema() AS schema';

/**
 * Has the driver ask in one statement for what TypeORM asks for in three, one after the other, each time that it connects.
 * It leaves out what it knows already. Where the answer does not come, TypeORM asks as ever, and reports why.
 */
export function askFactsAtOnce(driver: PostgresDriver): void {
  const inside = driver as unknown as { createPool(...given: unknown[]): Promise<Pool> };
  const createPool = inside.createPool.bind(driver);
  inside.createPool = async (...given) => {
    const pool = await createPool(...given);
    const { rows } = await pool.query(FACTS).catch(() => ({ rows: [] }));
    const [facts] = rows as { version: string; database: string; schema: string }[];
    // Of "PostgreSQL 15.10 (Debian …)" the number, as TypeORM has it.
    driver.version ??= facts?.version.replace(/^PostgreSQL ([\d.]+).*$/, '$1');
    driver.database ??= facts?.database;
    driver.searchSchema ??= facts?.schema;
    return pool;
  };
}
