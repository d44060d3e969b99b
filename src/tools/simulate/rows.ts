import type { DataSource } from 'typeorm';
import { ownTables } from '../../database/own-tables.js';

/** How many rows all tables of the model have together. */
export async function countRows(dataSource: DataSource): Promise<number> {
  const names = [...new Set(ownTables(dataSource).map(({ tableName }) => tableName))];
  const counts = names.map((name) => `SELECT count(*) AS rows FROM "${name}"`).join(' UNION ALL ');
  const [{ rows }] = await dataSource.query(`SELECT sum(rows) AS rows FROM (${counts}) AS counts`);
  return Number(rows);
}
