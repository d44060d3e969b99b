import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { columnRule } from '../entities/column-rules.js';
import { snakeCase } from '../entities/snake-case.js';
import { closestName } from '../nearest.js';
import type { Converter, Report } from './converter.js';

/** The header of a data file. */
export interface Header {
  readonly columns: ReadonlyMap<string, ColumnMetadata>;
  readonly relations: ReadonlyMap<string, RelationMetadata>;
  /** The conversions that the columns of the file need. */
  readonly converters: readonly Converter[];
  /** Whether all required columns are there. */
  readonly isComplete: boolean;
}

/** Columns that every data file may have, for reviewers. */
const REVIEW_COLUMNS = ['verification', 'origin', 'note'];

/**
 * Finds the columns and relations that the first line of a data file names; keys of other rows are written
 * as relations, not as columns.
 * @param report where unknown, missing and repeated columns are reported
 */
export function readHeader(
  names: readonly string[],
  metadata: EntityMetadata,
  available: readonly Converter[],
  report: Report,
): Header {
  const writable = columnsByName(metadata);
  const linkable = relationsByName(metadata);
  const converters = available.filter(({ takes }) => takes.some((name) => names.includes(name)));
  const taken = available.flatMap(({ takes }) => takes);
  const given = new Set(converters.flatMap(({ gives }) => gives));
  const allowed = [...writable.keys(), ...linkable.keys(), ...taken, ...REVIEW_COLUMNS];
  for (const [index, name] of names.entries()) {
    // A column without a name is ignored; the reader checks that its cells are empty.
    if (name === '' && names.length > 1) continue;
    if (names.indexOf(name) < index) report('column', name, 'stands there twice');
    else if (given.has(name)) report('column', name, `is made of ${makers(converters, name)}; leave one out`);
    else if (!allowed.includes(name)) report('column', name, unknownColumn(name, names, allowed));
  }
  const present = new Set([...names, ...given]);
  // For a header without separators, one issue is reported.
  const missing = isUnseparated(names)
    ? []
    : [
        ...needed(writable, linkable).filter((name) => !present.has(name)),
        ...converters.flatMap(({ lacks }) => lacks?.(names) ?? []),
      ];
  for (const name of missing) report('column', name, 'is missing');
  return {
    columns: pick(writable, present),
    relations: pick(linkable, present),
    converters,
    isComplete: missing.length === 0 && !isUnseparated(names),
  };
}

/** The columns that data files may have, by name: those that neither the database nor TypeORM fills in. */
export function columnsByName(metadata: EntityMetadata): Map<string, ColumnMetadata> {
  const keys = new Set(metadata.relations.filter(isReference).flatMap(({ joinColumns }) => joinColumns));
  return new Map(
    metadata.columns
      .filter((column) => !isFilledIn(column) && !keys.has(column))
      .map((column) => [column.databaseName, column]),
  );
}

function isFilledIn({ isGenerated, isCreateDate, isUpdateDate, isDiscriminator }: ColumnMetadata): boolean {
  return isGenerated || isCreateDate || isUpdateDate || isDiscriminator;
}

/** A reference with several columns is written as these columns. */
function isReference({ isManyToOne, joinColumns }: RelationMetadata): boolean {
  return isManyToOne && joinColumns.length === 1;
}

/** The references and links that data files may have, by name. */
export function relationsByName(metadata: EntityMetadata): Map<string, RelationMetadata> {
  return new Map(
    metadata.relations
      .filter((relation) => isReference(relation) || relation.isManyToManyOwner)
      .map((relation) => [snakeCase(relation.propertyName), relation]),
  );
}

function needed(
  columns: ReadonlyMap<string, ColumnMetadata>,
  relations: ReadonlyMap<string, RelationMetadata>,
): string[] {
  return [
    ...[...columns].filter(([, column]) => isNeeded(column)),
    ...[...relations].filter(([, relation]) => relation.isManyToOne && !relation.isNullable),
  ].map(([name]) => name);
}

function isNeeded(column: ColumnMetadata): boolean {
  const rule = columnRule(column.target as new () => object, column.propertyName);
  return rule?.required === true && column.default === undefined;
}

function makers(converters: readonly Converter[], name: string): string {
  return converters
    .filter(({ gives }) => gives.includes(name))
    .flatMap(({ takes }) => takes)
    .join(', ');
}

function isUnseparated(names: readonly string[]): boolean {
  return names.length === 1 && /[;\t]/.test(names[0] as string);
}

function unknownColumn(name: string, names: readonly string[], allowed: readonly string[]): string {
  if (isUnseparated(names)) return 'is one column: put commas between columns';
  return `is unknown; did you mean ${closestName(name, allowed)}?`;
}

function pick<V>(all: ReadonlyMap<string, V>, names: ReadonlySet<string>): Map<string, V> {
  return new Map([...all].filter(([name]) => names.has(name)));
}
