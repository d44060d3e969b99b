import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { OpsDbNaming } from '../../src/database/naming.js';
import { ownTables } from '../../src/database/own-tables.js';
import { modelMetadata } from '../../src/database/typeorm/model-metadata.js';
import { type ColumnRule, columnRule } from '../../src/entities/column-rules.js';

/*
 * The model as the tests of its rules go through it: known before a database is there, so that every rule can
 * be a test of its own.
 */

const naming = new OpsDbNaming();

/** Every class of the registry and every junction table. */
export const model = modelMetadata();

/** Those that have a table of their own. */
export const tables = ownTables({ entityMetadatas: model } as Parameters<typeof ownTables>[0]);

/** What has rows: the classes that are not abstract, and the junction tables. */
export const concrete = model.filter(({ childEntityMetadatas }) => childEntityMetadatas.length === 0);

/** A class or junction table by its name. */
export function metadataOf(name: string): EntityMetadata {
  const found = model.find((metadata) => metadata.name === name);
  if (!found) throw new Error(`the model has no ${name}`);
  return found;
}

/** The first class with rows in the table that has all of the columns. */
export function concreteOf({ tableName }: EntityMetadata, columns: readonly string[] = []): EntityMetadata {
  const found = concrete.find(
    (metadata) =>
      metadata.tableName === tableName &&
      columns.every((name) => metadata.columns.some(({ databaseName }) => databaseName === name)),
  );
  if (!found) throw new Error(`no class with rows in ${tableName} has ${columns.join(', ')}`);
  return found;
}

/** A column, by the first class that has rows with it. */
export interface ModelColumn {
  /** As tests are named. */
  readonly name: string;
  readonly entity: string;
  readonly table: string;
  readonly column: ColumnMetadata;
  readonly rule: ColumnRule | undefined;
  readonly required: boolean;
  /** The check that the column brings with it, whether it has one or not. */
  readonly ownCheck: string;
  /** Every check of the table that names the column. */
  readonly checks: readonly string[];
}

/** Every column of every table once. */
export const columns: readonly ModelColumn[] = tables.flatMap((table) =>
  [...new Set(table.columns.map(({ databaseName }) => databaseName))].map((databaseName) => {
    const { name: entity, target, columns: own } = concreteOf(table, [databaseName]);
    const column = own.find((candidate) => candidate.databaseName === databaseName) as ColumnMetadata;
    const rule =
      typeof target === 'function'
        ? columnRule(target as abstract new () => object, column.propertyName)
        : undefined;
    const quoted = `"${databaseName}"`;
    return {
      name: `${entity}.${column.propertyName}`,
      entity,
      table: table.tableName,
      column,
      rule,
      required: rule?.required ?? !column.isNullable,
      ownCheck: naming.checkConstraintName(table.tableName, quoted),
      checks: table.checks.filter(({ expression }) => expression.includes(quoted)).map(({ name }) => name),
    };
  }),
);

/** The checks with a name of their own; those that keep a family member's columns filled are not among them. */
export const namedChecks: readonly string[] = tables
  .flatMap(({ checks }) => checks)
  .flatMap(({ givenName }) => (givenName && !/__(complete|only)$/.test(givenName) ? [givenName] : []));

/** What two rows must not have in common: a primary key, the columns of a unique constraint or index. */
export interface Uniqueness {
  readonly name: string;
  readonly table: EntityMetadata;
  readonly columns: readonly string[];
  /** The rows that it holds for; all where undefined. */
  readonly where?: string;
}

/** The uniqueness rules of a table, that of its primary key first. */
export function uniquenessOf(table: EntityMetadata): Uniqueness[] {
  const namesOf = (columns: readonly ColumnMetadata[]) => columns.map(({ databaseName }) => databaseName);
  const key = {
    name: naming.primaryKeyName(table.tableName),
    columns: namesOf(table.primaryColumns),
    where: undefined,
  };
  const uniques = table.uniques.map(({ name, columns }) => ({
    name,
    columns: namesOf(columns),
    where: undefined,
  }));
  const indices = table.indices
    .filter(({ isUnique }) => isUnique)
    .map(({ name, columns, where }) => ({ name, columns: namesOf(columns), where }));
  return [key, ...uniques, ...indices].map((rule) => ({ ...rule, table }));
}
