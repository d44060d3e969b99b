import { type DataSource, type EntityMetadata, Table } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { ownTables } from '../../database/own-tables.js';
import * as declared from '../../entities/index.js';
import { type Lifecycle, lifecycles } from '../../lifecycle/index.js';
import { viewColumns, views } from '../../views/index.js';
import type { DescribedViewColumn } from '../../views/view-column.js';
import { INDEX_USES, TABLE_WRITERS } from './purposes.js';
import { type EntitySource, type EnumSource, entitySources, enumSources } from './sources.js';

/** A column as the schema reference shows it. */
export interface ColumnReference {
  readonly name: string;
  readonly property: string;
  /** The type on PostgreSQL; `enum` for an enum. */
  readonly type: string;
  /** The enum object with the values, where there is one. */
  readonly enumName?: string;
  /** The values that an enum allows. */
  readonly values: readonly string[];
  readonly nullable: boolean;
  /** The default as SQL; undefined where there is none. */
  readonly default?: string;
  readonly unit?: string;
  readonly meaning: string;
  /** What null means. */
  readonly nullMeaning?: string;
  readonly isKey: boolean;
  /** The table that the column leads to. */
  readonly leadsTo?: string;
  /** The members of the family that have the column, where not all have it. */
  readonly members: readonly string[];
}

/** A key, index or check, by its name. */
export interface RuleReference {
  readonly name: string;
  /** Its columns, such as `(name)`, or the expression of a check. */
  readonly text: string;
  /** For indexes: the query that it serves. */
  readonly use?: string;
}

/** A foreign key. */
export interface ForeignKeyReference extends RuleReference {
  readonly columns: readonly string[];
  readonly to: string;
  readonly onDelete: string;
}

/** A class that has rows in a table. */
export interface ClassReference extends EntitySource {
  readonly name: string;
}

/** A table as the schema reference shows it. */
export interface TableReference {
  readonly name: string;
  readonly domain: string;
  readonly purpose: string;
  readonly writers: string;
  /** The class of the table and, of a family, its members; none for a table that only links two others. */
  readonly classes: readonly ClassReference[];
  readonly columns: readonly ColumnReference[];
  readonly keys: readonly RuleReference[];
  readonly foreignKeys: readonly ForeignKeyReference[];
  readonly indexes: readonly RuleReference[];
  readonly checks: readonly RuleReference[];
  readonly lifecycles: readonly Lifecycle[];
  /** Foreign keys of other tables that lead here. */
  readonly referredBy: readonly { readonly table: string; readonly key: ForeignKeyReference }[];
}

/** An enum object. */
export interface EnumReference extends EnumSource {
  readonly name: string;
  /** The values by the names of their members. */
  readonly values: Readonly<Record<string, string>>;
}

/** The content of the schema reference. */
export interface ModelReference {
  /** The folders of the entities, in the order of the registry. */
  readonly domains: readonly string[];
  /** By domain, in the order of the registry. */
  readonly tables: readonly TableReference[];
  readonly enums: readonly EnumReference[];
  readonly views: readonly ViewReference[];
}

/** A view as the schema reference shows it. */
export interface ViewReference {
  readonly name: string;
  readonly entity: string;
  readonly purpose: string;
  readonly columns: readonly DescribedViewColumn[];
}

const COMMENT = /^(?<meaning>.*?)(?: \[(?<unit>[^\]]+)\])?(?:; null: (?<nullMeaning>.*?))?\.$/;

/**
 * Reads the model from the metadata of the entities.
 * @param dataSource for PostgreSQL, whose types and names of keys are shown; its metadata must be built, it need not be
 *   connected
 */
export function describeModel(dataSource: DataSource): ModelReference {
  const sources = entitySources();
  const order = declared.entities.map(({ name }) => name);
  const domains = Object.keys(declared.entitiesByDomain);
  const ranked = ownTables(dataSource)
    .map((metadata) => ({ metadata, domain: domainOf(metadata, sources) }))
    .sort(
      (a, b) =>
        rank(order, a.metadata) - rank(order, b.metadata) ||
        (a.metadata.tableName < b.metadata.tableName ? -1 : 1),
    );
  const values = new Map(Object.entries(declared) as [string, Readonly<Record<string, string>>][]);
  const enums = [...enumSources()]
    .map(([name, source]) => ({ name, ...source, values: values.get(name) ?? {} }))
    .sort(byName);
  const tables = domains.flatMap((domain) =>
    ranked
      .filter((each) => each.domain === domain)
      .map(({ metadata }) => describeTable(dataSource, metadata, domain, sources, enums)),
  );
  const complete = tables.map((table) => ({
    ...table,
    referredBy: tables.flatMap((other) =>
      other.foreignKeys.filter(({ to }) => to === table.name).map((key) => ({ table: other.name, key })),
    ),
  }));
  const shown = views.map(({ name, entity, comment }) => ({
    name,
    entity: entity.name,
    purpose: comment,
    columns: viewColumns(entity),
  }));
  return { domains, tables: complete, enums, views: shown };
}

/** A table that links two others belongs to the one that has the relation. */
function domainOf(metadata: EntityMetadata, sources: ReadonlyMap<string, EntitySource>): string {
  const owner =
    metadata.tableType === 'junction' ? metadata.foreignKeys[0]?.referencedEntityMetadata : metadata;
  return sources.get(owner?.name ?? '')?.domain as string;
}

function rank(order: readonly string[], metadata: EntityMetadata): number {
  const owner =
    metadata.tableType === 'junction' ? metadata.foreignKeys[0]?.referencedEntityMetadata : metadata;
  return order.indexOf(owner?.name ?? '') + (metadata.tableType === 'junction' ? 0.5 : 0);
}

function describeTable(
  dataSource: DataSource,
  metadata: EntityMetadata,
  domain: string,
  sources: ReadonlyMap<string, EntitySource>,
  enums: readonly EnumReference[],
): Omit<TableReference, 'referredBy'> {
  const { tableName, checks, indices, uniques, comment = '' } = metadata;
  const classes = metadata.tableType === 'junction' ? [] : [metadata, ...metadata.childEntityMetadatas];
  const names = (columns: readonly ColumnMetadata[]) =>
    `(${columns.map(({ databaseName }) => databaseName).join(', ')})`;
  const foreignKeys = metadata.foreignKeys.map(
    ({ name, columnNames, referencedTablePath, referencedColumnNames, onDelete }) => ({
      name,
      columns: columnNames,
      to: referencedTablePath,
      onDelete: onDelete ?? 'NO ACTION',
      text: `(${columnNames.join(', ')}) → ${referencedTablePath} (${referencedColumnNames.join(', ')})`,
    }),
  );
  return {
    name: tableName,
    domain,
    purpose: comment,
    writers: TABLE_WRITERS[tableName] ?? '',
    classes: classes.map(({ name }) => ({ name, ...(sources.get(name) as EntitySource) })),
    columns: describeColumns(dataSource, metadata, foreignKeys, enums),
    keys: [
      { name: `pk_${tableName}`, text: names(metadata.primaryColumns) },
      ...uniques.map(({ name, columns }) => ({ name, text: names(columns) })).sort(byName),
    ],
    foreignKeys: [...foreignKeys].sort(byName),
    indexes: indices
      .map(({ name, columns, where, isUnique, type }) => ({
        name,
        text: `${isUnique ? 'unique ' : ''}${type ? `${type} ` : ''}${names(columns)}${where ? ` where ${where}` : ''}`,
        use: INDEX_USES[name],
      }))
      .sort(byName),
    checks: checks.map(({ name, expression }) => ({ name, text: expression })).sort(byName),
    lifecycles: lifecycles.filter(({ entity }) => entity === metadata.target),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function describeColumns(
  dataSource: DataSource,
  metadata: EntityMetadata,
  foreignKeys: readonly ForeignKeyReference[],
  enums: readonly EnumReference[],
): ColumnReference[] {
  const types = new Map(
    Table.create(metadata, dataSource.driver).columns.map((column) => [column.name, column]),
  );
  const family = [metadata, ...metadata.childEntityMetadatas];
  const unique = new Map(metadata.columns.map((column) => [column.databaseName, column]));
  return [...unique.values()].map((column) => {
    const { databaseName: name, propertyName: property, isPrimary, comment = '' } = column;
    const type = types.get(name);
    const values = type?.enum ?? [];
    const members = family.filter(({ ownColumns, columns }) =>
      (metadata.childEntityMetadatas.length > 0 ? columns : ownColumns).some(
        ({ databaseName }) => databaseName === name,
      ),
    );
    const { meaning = comment, unit, nullMeaning } = COMMENT.exec(comment)?.groups ?? {};
    return {
      name,
      property,
      values,
      meaning,
      unit,
      nullMeaning,
      isKey: isPrimary,
      type: values.length > 0 || !type ? 'enum' : dataSource.driver.createFullType(type).toLowerCase(),
      enumName: enums.find((each) => String(Object.values(each.values)) === String(values))?.name,
      nullable: type?.isNullable ?? false,
      // TypeORM puts numbers between quotes, too.
      default: type?.default?.replace(/^'(-?[\d.]+)'$/, '$1'),
      leadsTo: foreignKeys.find(({ columns }) => columns[0] === name)?.to,
      members: isOfAll(column, metadata)
        ? []
        : members.filter((each) => each !== metadata).map(({ name: member }) => member),
    };
  });
}

/** Whether a column is declared by the root of its family, and so has a value in rows of every member. */
function isOfAll({ target }: ColumnMetadata, metadata: EntityMetadata): boolean {
  const root = metadata.target;
  if (typeof root !== 'function' || typeof target !== 'function') return true;
  return target === root || root.prototype instanceof target;
}
