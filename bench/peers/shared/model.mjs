/** The tables for the other libraries, read from the entities of this package. */
import { openDatabase } from '../../../dist/bench/support/database.js';

/** The tables of the tasks, each with the relations to its parents that the tasks follow. */
const TABLES = {
  data_location: [],
  executed_obs_unit: [],
  raw_data_package: ['executedObsUnit', 'sourceLocation'],
  raw_data_file: ['rawDataPackage'],
  physical_copy: ['rawDataFile'],
  data_transfer_package: [],
  status_history: [],
};

/**
 * Columns and relations by table. A relation has the property `inverse` of the parent that leads back, where there is
 * one.
 */
export async function readModel(database) {
  const dataSource = await openDatabase(database);
  const model = {};
  for (const [table, followed] of Object.entries(TABLES)) {
    const metadata = dataSource.entityMetadatas.find(
      ({ tableName, tableType }) => tableName === table && tableType !== 'entity-child',
    );
    const columns = new Map(metadata.columns.map((column) => [column.databaseName, column]));
    model[table] = {
      columns: [...columns.values()].map(describedColumn),
      relations: metadata.relations
        .filter(({ propertyName }) => followed.includes(propertyName))
        .map(describedRelation),
    };
  }
  await dataSource.destroy();
  return model;
}

function describedColumn(column) {
  const { propertyName, databaseName, type, isPrimary, isNullable, isGenerated } = column;
  return {
    property: propertyName,
    name: databaseName,
    type: kindOf(type),
    isPrimary,
    isNullable,
    isGenerated,
    hasDefault: column.default !== undefined || column.isCreateDate || column.isUpdateDate || isGenerated,
    values: column.enum,
  };
}

function describedRelation({ propertyName, joinColumns, inverseEntityMetadata, inverseRelation }) {
  const [{ databaseName, propertyName: key, isNullable }] = joinColumns;
  return {
    property: propertyName,
    key,
    column: databaseName,
    isNullable,
    parent: inverseEntityMetadata.tableName,
    inverse: inverseRelation?.propertyName,
  };
}

function kindOf(type) {
  if (type === Date || /^(?:datetime|timestamp)/.test(type)) return 'instant';
  return type === 'simple-enum' ? 'enum' : type;
}
