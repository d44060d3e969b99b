import { type DataSource, type EntityMetadata, Table } from 'typeorm';
import type { Issue } from '../errors.js';
import type { Catalog, CatalogColumn } from './catalog.js';

/** The columns whose definition in the database differs from the entity. */
export function misfits({ driver }: DataSource, metadata: EntityMetadata, catalog: Catalog): Issue[] {
  const present = catalog.get(metadata.tableName);
  return Table.create(metadata, driver).columns.flatMap((column) => {
    const is = present?.get(column.name);
    const must: CatalogColumn = {
      type: column.enum ? 'enum' : driver.createFullType(column).toLowerCase(),
      nullable: column.isNullable,
      values: column.enum ?? null,
    };
    if (is && fits(is, must)) return [];
    const value = is ? spelled(is) : 'missing';
    return {
      origin: `table ${metadata.tableName}`,
      key: column.name,
      value,
      message: `must be ${spelled(must)}`,
    };
  });
}

/** A column may allow more values than the model knows: rows with them came from a later version. */
function fits(is: CatalogColumn, must: CatalogColumn): boolean {
  const allowed = new Set(is.values);
  return (
    is.type === must.type &&
    is.nullable === must.nullable &&
    (must.values ?? []).every((value) => allowed.has(value))
  );
}

function spelled({ type, nullable, values }: CatalogColumn): string {
  return [type, values && `(${values.join(', ')})`, !nullable && 'not null'].filter(Boolean).join(' ');
}
