/** What the libraries are told of the tables: read from this package's entities, so that it stands in one place. */
import { openDatabase } from '../../dist/bench/support/database.js';

/** The tables of the tasks and the properties by which rows of one lead to those of another. */
export const TABLES = [
  'raw_data_package',
  'raw_data_file',
  'physical_copy',
  'executed_obs_unit',
  'data_location',
];

/** Columns by table: property, name, type, whether it is the key. */
export async function readModel(database) {
  const dataSource = await openDatabase(database);
  const model = {};
  for (const table of TABLES) {
    const metadata = dataSource.entityMetadatas.find(
      ({ tableName, tableType }) => tableName === table && tableType !== 'entity-child',
    );
    const columns = new Map(metadata.columns.map((column) => [column.databaseName, column]));
    model[table] = [...columns.values()].map(({ propertyName, databaseName, type, isPrimary }) => ({
      property: propertyName,
      name: databaseName,
      type: kindOf(type),
      isPrimary,
    }));
  }
  await dataSource.destroy();
  return model;
}

function kindOf(type) {
  if (type === Date || /^(?:datetime|timestamp)/.test(type)) return 'instant';
  return type === 'simple-enum' ? 'enum' : type;
}

/** Gives rows their children by a key. */
export function give(rows, children, property, key) {
  for (const row of rows) row[property] = [];
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const child of children) byId.get(child[key])[property].push(child);
}

/** Gives rows their parents by a key. */
export function link(rows, parents, property, key) {
  const byId = new Map(parents.map((parent) => [parent.id, parent]));
  for (const row of rows) row[property] = byId.get(row[key]);
}

/** The values of a key, each once. */
export function keysOf(rows, key) {
  return [...new Set(rows.map((row) => row[key]))];
}
