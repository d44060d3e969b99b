import { closest } from 'fastest-levenshtein';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { snakeCase } from '../database/naming.js';
import { columnRule } from '../entities/columns.js';
import type { Fault } from '../errors.js';

/** What the columns of a data file stand for, by their index. */
export interface Header {
  readonly columns: ReadonlyMap<number, ColumnMetadata>;
  readonly relations: ReadonlyMap<number, RelationMetadata>;
}

/** Columns that every data file may have, for the people who review it. */
const REVIEW_COLUMNS = ['verification', 'origin', 'note'];

/**
 * Finds the columns and relations that the first line of a data file names; keys of other rows are written
 * as relations, not as columns.
 * @param faults where unknown and missing columns are reported
 */
export function readHeader(
  file: string,
  names: readonly string[],
  metadata: EntityMetadata,
  faults: Fault[],
): Header {
  const columnsByName = new Map(
    metadata.columns
      .filter(({ isGenerated, referencedColumn }) => !isGenerated && !referencedColumn)
      .map((column) => [column.databaseName, column]),
  );
  const relationsByName = new Map(
    metadata.relations
      .filter(({ isManyToOne, isManyToManyOwner }) => isManyToOne || isManyToManyOwner)
      .map((relation) => [snakeCase(relation.propertyName), relation]),
  );
  const columns = new Map<number, ColumnMetadata>();
  const relations = new Map<number, RelationMetadata>();
  const allowed = [...columnsByName.keys(), ...relationsByName.keys(), ...REVIEW_COLUMNS];
  for (const [index, name] of names.entries()) {
    const column = columnsByName.get(name);
    const relation = relationsByName.get(name);
    if (column) columns.set(index, column);
    else if (relation) relations.set(index, relation);
    else if (!REVIEW_COLUMNS.includes(name))
      faults.push({
        origin: `${file}:1`,
        key: 'column',
        value: name,
        message: `is unknown; did you mean ${closest(name, allowed)}?`,
      });
  }
  const needed = [
    ...[...columnsByName].filter(([, column]) => isNeeded(column)),
    ...[...relationsByName].filter(([, relation]) => relation.isManyToOne && !relation.isNullable),
  ];
  for (const [name] of needed)
    if (!names.includes(name))
      faults.push({ origin: `${file}:1`, key: 'column', value: name, message: 'is missing' });
  return { columns, relations };
}

function isNeeded(column: ColumnMetadata): boolean {
  const rule = columnRule(column.target as new () => object, column.propertyName);
  return rule?.required === true && column.default === undefined && !column.isDiscriminator;
}
