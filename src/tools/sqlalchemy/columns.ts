import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { columnRule } from '../../entities/column-rules.js';
import type { ColumnReference, TableReference } from '../reference/model.js';
import { attribute, call, text } from './python.js';

/** The types of PostgreSQL in SQLAlchemy, and as Python's annotations. */
const TYPES: Readonly<Record<string, readonly [type: string, annotation: string]>> = {
  text: ['Text', 'str'],
  integer: ['Integer', 'int'],
  bigint: ['BigInteger', 'int'],
  'double precision': ['Float(53)', 'float'],
  boolean: ['Boolean', 'bool'],
  date: ['Date', 'date'],
  uuid: ['Uuid', 'uuid.UUID'],
  jsonb: ['Json', 'Any'],
  'timestamp(3) with time zone': ['Instant', 'datetime'],
};

/** The columns that a class declares: of a family, the root has those of all. */
export function columnsOf(entity: EntityMetadata): readonly ColumnMetadata[] {
  const byName = new Map(entity.columns.map((column) => [column.databaseName, column]));
  return [...byName.values()].filter((column) => isDeclaredBy(column, entity));
}

/**
 * Whether a class declares a column or relation itself, or by a class without a table that it extends. TypeORM lists those of
 * members with the root of their family, and those of the root with each member.
 */
export function isDeclaredBy({ target }: Pick<ColumnMetadata, 'target'>, entity: EntityMetadata): boolean {
  const root = (entity.parentEntityMetadata ?? entity).target as abstract new () => object;
  const isOfRoot = target === root || root.prototype instanceof (target as abstract new () => object);
  return entity.parentEntityMetadata ? !isOfRoot && target === entity.target : isOfRoot;
}

/** A column as a line of its class. */
export function columnLine(column: ColumnMetadata, entity: EntityMetadata, table: TableReference): string {
  const { databaseName: name } = column;
  const reference = table.columns.find((each) => each.name === name) as ColumnReference;
  const [type, annotation] = typeOf(reference, column, table);
  const key = table.foreignKeys.find(({ columns }) => columns.length === 1 && columns[0] === name);
  const isOptional = reference.nullable && !isRequired(column, entity);
  const hasDefault = reference.default !== undefined || column.isCreateDate || column.isUpdateDate;
  const parameters = [
    attribute(name) === name ? '' : text(name),
    type,
    key
      ? `ForeignKey(${text(`${key.to}.${targetOf(key.text)}`)}, name=${text(key.name)}${rule(key.onDelete)})`
      : '',
    reference.isKey ? 'primary_key=True' : `nullable=${reference.nullable ? 'True' : 'False'}`,
    reference.isKey && reference.type === 'uuid' ? 'default=new_uuid' : '',
    hasDefault ? 'server_default=FetchedValue()' : '',
    column.isUpdateDate ? 'server_onupdate=FetchedValue()' : '',
    column.comment ? `comment=${text(column.comment)}` : '',
  ].filter(Boolean);
  const annotated = isOptional ? `Optional[${annotation}]` : annotation;
  return `    ${attribute(name)}: Mapped[${annotated}] = ${call('mapped_column', parameters, '    ')}`;
}

function typeOf(
  { type, enumName, values }: ColumnReference,
  { enumName: given, databaseName }: ColumnMetadata,
  { name: table }: TableReference,
): readonly [string, string] {
  if (values.length === 0) return TYPES[type] as readonly [string, string];
  const name = text(given ?? `${table}_${databaseName}_enum`);
  return enumName
    ? [`enum_of(${enumName}, ${name})`, enumName]
    : [`Enum(${values.map(text).join(', ')}, name=${name})`, 'str'];
}

/** Whether rows of this class have a value, though the table allows null in those of other members. */
function isRequired({ propertyName }: ColumnMetadata, { target }: EntityMetadata): boolean {
  return columnRule(target as abstract new () => object, propertyName)?.required ?? false;
}

/** The column that a foreign key leads to, from its description. */
function targetOf(description: string): string {
  return /\((\w+)\)$/.exec(description)?.[1] as string;
}

/** The ON DELETE rule. */
export function rule(onDelete: string): string {
  return onDelete === 'NO ACTION' ? '' : `, ondelete=${text(onDelete)}`;
}
