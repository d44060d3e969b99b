import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { Row } from '../../database/statement.js';
import { valueReader } from './value-reader.js';

/** Makes the instance of a row whose values stand in the order of {@link selectedColumns}. */
export type Hydrate = (row: Row) => ObjectLiteral;

/** The columns of an entity in the order in which TypeORM selects them. */
export function selectedColumns({ columns }: EntityMetadata): ColumnMetadata[] {
  return columns.filter(({ isSelect }) => isSelect);
}

/** Compiles what makes instances of an entity, or of the members of a family by what its discriminator says. */
export function hydrator(dataSource: DataSource, metadata: EntityMetadata): Hydrate {
  const columns = selectedColumns(metadata);
  const own = instanceMaker(dataSource, metadata, columns);
  const { discriminatorColumn, childEntityMetadatas } = metadata;
  if (!discriminatorColumn || childEntityMetadatas.length === 0) return own;
  const index = columns.findIndex(({ databaseName }) => databaseName === discriminatorColumn.databaseName);
  const members = new Map<unknown, Hydrate>(
    childEntityMetadatas.map((child) => [
      child.discriminatorValue,
      instanceMaker(dataSource, child, columns),
    ]),
  );
  return (row) => (members.get(row[index]) ?? own)(row);
}

/**
 * Each property is assigned under its own name by code made for the class, since the engine gives such objects one fast
 * shape: assigning in a loop takes several times as long. Like TypeORM it leaves the constructor of the class alone.
 */
function instanceMaker(
  dataSource: DataSource,
  metadata: EntityMetadata,
  selected: readonly ColumnMetadata[],
): Hydrate {
  const places = new Map(selected.map(({ databaseName }, index) => [databaseName, index]));
  const children = new Set(metadata.childEntityMetadatas.map(({ target }) => target));
  const columns = metadata.columns.filter(
    ({ isSelect, isVirtual, target, databaseName }) =>
      isSelect && !isVirtual && !children.has(target) && places.has(databaseName),
  );
  const readers = columns.map((column) => valueReader(dataSource, column));
  const assignments = columns.map(({ propertyName, databaseName }, index) => {
    const value = `row[${places.get(databaseName)}]`;
    return `this[${JSON.stringify(propertyName)}] = ${readers[index] ? `readers[${index}](${value})` : value};`;
  });
  const make = new Function(
    'readers',
    'prototype',
    `function Instance(row) { ${assignments.join('\n')} }
    Instance.prototype = prototype;
    return (row) => new Instance(row);`,
  );
  return make(readers, (metadata.target as { prototype: object }).prototype);
}
