import type { DataSource, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import {
  ExecutedObsUnit,
  Instrument,
  InstrumentModule,
  ObservingProgram,
  ObsMode,
  ObsUnit,
  RawDataPackage,
  RawDataPackageMetadata,
  Source,
  SubObservingProgram,
} from '../../entities/index.js';

/** Class that every query on packages starts from, and its alias. */
export const ROOT = RawDataPackage.name;

/** The classes that can be reached from a package, each with the relation that leads to it. */
const relations: ReadonlyMap<string, string> = new Map([
  [RawDataPackageMetadata.name, 'RawDataPackage.packageMetadata'],
  [ExecutedObsUnit.name, 'RawDataPackage.executedObsUnit'],
  [ObsUnit.name, 'ExecutedObsUnit.obsUnit'],
  [Source.name, 'ObsUnit.source'],
  [ObservingProgram.name, 'ObsUnit.observingProgram'],
  [SubObservingProgram.name, 'ObsUnit.subObservingProgram'],
  [ObsMode.name, 'ObsUnit.obsMode'],
  [InstrumentModule.name, 'RawDataPackage.instrumentModule'],
  [Instrument.name, 'InstrumentModule.instrument'],
]);

/** The tables that rules may name, by class. */
export const TABLES: readonly string[] = [ROOT, ...relations.keys()];

/** Finds a table by the name of its class or its own. */
export function findTable(dataSource: DataSource, name: unknown): EntityMetadata | undefined {
  return TABLES.map((table) => dataSource.getMetadata(table)).find((metadata) =>
    [metadata.name, metadata.tableName].includes(name as string),
  );
}

/** Finds a column by the name of its property or its own. */
export function findColumn(table: EntityMetadata, name: unknown): ColumnMetadata | undefined {
  // The documentation of the original speaks of the metadata as of a column of the package.
  const metadata = table.name === ROOT && name === 'metadata';
  const { columns } = metadata ? table.connection.getMetadata(RawDataPackageMetadata) : table;
  return columns.find(({ propertyName, databaseName }) =>
    [propertyName, databaseName].includes(name as string),
  );
}

/** Makes sure that a table is in a query on packages, under the name of its class. */
export function join(query: SelectQueryBuilder<ObjectLiteral>, table: string): void {
  if (query.expressionMap.aliases.some(({ name }) => name === table)) return;
  const relation = relations.get(table) as string;
  join(query, relation.split('.')[0] as string);
  // Not an inner join: a package for which there is no such row is one whose value is missing.
  query.leftJoin(relation, table);
}
