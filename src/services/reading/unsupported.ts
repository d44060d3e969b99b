import type { EntityMetadata } from 'typeorm';
import { OpsDbError } from '../../errors.js';

/** The error for what only TypeORM's own `find` does. */
export function unsupported({ name }: EntityMetadata, what: string): OpsDbError {
  return new OpsDbError(
    'read_unsupported',
    `${name}: ${what}; readByKey, readMany and streamMany take where, order, skip and take on columns and parents, ` +
      'and whole relations: use find of the entity manager for anything else',
  );
}

/** @throws OpsDbError `read_unsupported` for an entity with parts that this package's own entities do not have */
export function assertReadable(metadata: EntityMetadata): void {
  const { columns, relations, primaryColumns, dataSource } = metadata;
  if (primaryColumns.length !== 1) throw unsupported(metadata, 'it has not one key column');
  if (dataSource.options.typename) throw unsupported(metadata, 'the data source adds a typename');
  for (const { embeddedMetadata, isVirtualProperty, propertyName } of columns)
    if (embeddedMetadata || isVirtualProperty)
      throw unsupported(metadata, `${propertyName} is embedded or computed`);
  for (const { isEager, isLazy, propertyName } of relations)
    if (isEager || isLazy) throw unsupported(metadata, `the relation ${propertyName} is eager or lazy`);
}
