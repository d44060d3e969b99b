import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import type { ColumnRule } from '../../entities/column-rules.js';
import { ObsUnit } from '../../entities/index.js';
import { LONGEST_PATH_BYTES } from '../../entities/relative-path.js';
import { DATE_PATTERN, INSTANT_PATTERN } from '../../values/instant.js';
import { PATH_PATTERN } from '../../values/relative-path.js';
import { TEXT_PATTERN } from '../../values/text.js';
import { columnsOf, isInstant, ruleOf } from './properties.js';
import { byObsMode } from './scan-schemas.js';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** The name of a schema within every other: a URN, since no address is promised. */
export function schemaId(name: string): string {
  return `urn:ccat-ops-db:schema:${name}`;
}

/**
 * What a row of a class looks like as JSON, where it comes from the database and where it is to go there. Valid is what
 * both databases take, but for the rules on several columns, which `$comment` names.
 */
export function entitySchema(metadata: EntityMetadata): JsonSchema {
  const head = { $schema: DIALECT, $id: schemaId(metadata.name), title: metadata.name };
  const members = metadata.childEntityMetadatas;
  if (members.length > 0) return { ...head, ...familySchema(metadata, members) };
  const row = rowSchema(metadata);
  const relations = metadata.relations.map((relation) => [relation.propertyName, relationSchema(relation)]);
  const properties = { ...(row.properties as object), ...Object.fromEntries(relations) };
  return { ...head, ...row, properties, ...(metadata.target === ObsUnit && { allOf: byObsMode() }) };
}

/** A row without the rows that belong to it. */
export function rowSchema(metadata: EntityMetadata): JsonSchema {
  const columns = columnsOf(metadata);
  return {
    description: commentOf(metadata),
    ...rulesOnSeveral(metadata),
    type: 'object',
    properties: Object.fromEntries(
      columns.map((column) => [column.propertyName, propertySchema(metadata, column)]),
    ),
    required: columns
      .filter((column) => mustBeGiven(metadata, column))
      .map(({ propertyName }) => propertyName),
    additionalProperties: false,
    ...lengthsByProperty(metadata, columns),
  };
}

/**
 * A column in rows of a class.
 * @param rule another one than the column's own
 */
export function propertySchema(
  metadata: EntityMetadata,
  column: ColumnMetadata,
  rule = ruleOf(metadata, column),
): JsonSchema {
  const { comment: description, default: fallback } = column;
  if (column.isDiscriminator && metadata.discriminatorValue !== undefined)
    return { description, const: metadata.discriminatorValue };
  const { type, ...limits } = valueSchema(column, rule);
  return {
    description,
    ...(rule.required ? { type, ...limits } : nullable(type as string, limits)),
    ...(rule.unit && { 'x-unit': rule.unit }),
    ...(fallback !== undefined && typeof fallback !== 'function' && { default: fallback }),
    ...((isWrittenByDatabase(column) || rule.keptByDatabase) && { readOnly: true }),
    ...(!column.isSelect && { writeOnly: true }),
  };
}

function nullable(type: string | readonly string[], { enum: values, ...limits }: JsonSchema): JsonSchema {
  return {
    type: [type, 'null'].flat(),
    ...(values !== undefined && { enum: [...(values as string[]), null] }),
    ...limits,
  };
}

const INT32 = 2 ** 31;
const NO_PREFIX = '^[0-9A-Fa-f-]{36}$';

function valueSchema(column: ColumnMetadata, rule: ColumnRule): JsonSchema {
  const { type, enum: values } = column;
  if (values) return { type: 'string', enum: values };
  if (isInstant(column)) return { type: 'string', format: 'date-time', pattern: INSTANT_PATTERN };
  switch (type) {
    case 'integer':
    case Number:
      return { type: 'integer', minimum: -INT32, maximum: INT32 - 1, ...limits(rule) };
    case 'bigint':
      return { type: 'integer', ...limits(rule) };
    case 'double precision':
      return { type: 'number', ...limits(rule) };
    case 'boolean':
      return { type: 'boolean' };
    case 'uuid':
      return { type: 'string', format: 'uuid', pattern: NO_PREFIX };
    case 'date':
      return { type: 'string', format: 'date', pattern: DATE_PATTERN };
    case 'jsonb':
      return { type: ['object', 'array', 'string', 'number', 'boolean'] };
    case 'text':
      return {
        type: 'string',
        minLength: rule.length ?? 1,
        ...(rule.length !== undefined && { maxLength: rule.length }),
        ...(rule.isRelativePath && { maxLength: LONGEST_PATH_BYTES }),
        pattern: rule.isRelativePath ? PATH_PATTERN : TEXT_PATTERN,
      };
    default:
      throw new Error(`no schema is known for columns of type ${String(type)}`);
  }
}

function limits({ min, max, above, below }: ColumnRule): JsonSchema {
  const given = { minimum: min, maximum: max, exclusiveMinimum: above, exclusiveMaximum: below };
  return Object.fromEntries(Object.entries(given).filter(([, limit]) => limit !== undefined));
}

/** Whether a new row cannot do without a value. */
export function mustBeGiven(metadata: EntityMetadata, column: ColumnMetadata): boolean {
  const isFilledIn =
    column.default !== undefined ||
    isWrittenByDatabase(column) ||
    // A secret is given to the database and never comes out of it.
    !column.isSelect ||
    (column.isDiscriminator && metadata.discriminatorValue !== undefined);
  return ruleOf(metadata, column).required && !isFilledIn;
}

function isWrittenByDatabase({ isGenerated, isCreateDate, isUpdateDate }: ColumnMetadata): boolean {
  return isGenerated || isCreateDate || isUpdateDate;
}

function relationSchema(relation: RelationMetadata): JsonSchema {
  const { name } = relation.inverseEntityMetadata;
  const $ref = schemaId(name);
  if (relation.isOneToMany || relation.isManyToMany)
    return {
      description: `Each ${name} that belongs to the row; only where loaded.`,
      type: 'array',
      items: { $ref },
    };
  const key = relation.joinColumns[0]?.propertyName;
  const description = key
    ? `The ${name} that ${key} names; only where loaded.`
    : `The ${name} that belongs to the row; only where loaded.`;
  return relation.isNullable || !key
    ? { description, anyOf: [{ $ref }, { type: 'null' }] }
    : { description, $ref };
}

/** Any of the members, told apart by the discriminator. */
function familySchema(metadata: EntityMetadata, members: readonly EntityMetadata[]): JsonSchema {
  const { propertyName } = metadata.discriminatorColumn as ColumnMetadata;
  return {
    description: commentOf(metadata),
    type: 'object',
    properties: { [propertyName]: { enum: members.map(({ discriminatorValue }) => discriminatorValue) } },
    required: [propertyName],
    oneOf: members.map(({ name }) => ({ $ref: schemaId(name) })),
  };
}

/** The texts whose length depends on another property, such as checksums. */
export function lengthsByProperty(metadata: EntityMetadata, columns: readonly ColumnMetadata[]): JsonSchema {
  const allOf = columns.flatMap((column) => {
    const { propertyName } = column;
    const { lengthBy } = ruleOf(metadata, column);
    if (!lengthBy) return [];
    const { property, lengths } = lengthBy;
    return [
      ...Object.entries(lengths).map(([value, length]) => ({
        if: given(property, { const: value }),
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: given(propertyName, { type: 'string', pattern: `^[0-9A-Fa-f]{${length}}$` }),
      })),
      {
        if: given(propertyName, { type: 'string' }),
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: given(property, { type: 'string' }),
      },
    ];
  });
  return allOf.length > 0 ? { allOf } : {};
}

function given(property: string, schema: JsonSchema): JsonSchema {
  return { properties: { [property]: schema }, required: [property] };
}

/** The checks with a name of their own, which a schema cannot express. */
function rulesOnSeveral(metadata: EntityMetadata): JsonSchema {
  const names = new Set(metadata.columns.map(({ databaseName }) => databaseName));
  const { checks } = metadata.parentEntityMetadata ?? metadata;
  const own = checks.filter(
    ({ givenName, expression }) =>
      givenName &&
      !/__(complete|only)$/.test(givenName) &&
      [...expression.matchAll(/"(\w+)"/g)].every(([, column]) => names.has(column as string)),
  );
  if (own.length === 0) return {};
  const lines = own.map(({ name, expression }) => `${name}: ${expression}`);
  return { $comment: `The database holds besides: ${lines.join('; ')}` };
}

function commentOf({ comment, parentEntityMetadata }: EntityMetadata): string | undefined {
  return comment ?? parentEntityMetadata?.comment;
}
