import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { InvalidInputError, OpsDbError } from '../../errors.js';
import { type JsonSchema, rowSchema } from './json-schema.js';
import { type PayloadName, type Payloads, payloadColumns, payloadSchema } from './payloads.js';
import { columnsOf, type EntityClass, isInstant, metadataOf, requireMetadata } from './properties.js';
import { faultsOf, joined, type PlainError, shown } from './validate.js';

/** What an entity is as JSON: instants as ISO 8601 text in UTC, relations nested where they are loaded. */
export type Plain<T> = T extends Date
  ? string
  : T extends readonly (infer E)[]
    ? Plain<E>[]
    : T extends object
      ? { [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: Plain<T[K]> }
      : T;

/** What is taken along. */
export interface PlainOptions {
  /** Also what queries do not select by themselves: the hash of a token. By default left out. */
  readonly secrets?: boolean;
}

/**
 * An entity as plain values that JSON keeps exactly: instants as ISO 8601 text in UTC, UUIDs as text, enums by value,
 * byte counts as numbers, related rows nested where they are loaded. It fits the schema of its class in
 * `ccat-ops-db/schemas`. What was not selected is left out, and so is a row within itself.
 *
 * @param entity an object of a class of the model
 * @throws OpsDbError `plain_invalid` when it is none
 *
 * @example
 * import { ExecutedObsUnit, toPlain } from 'ccat-ops-db';
 *
 * const execution = await session.findOneOrFail(ExecutedObsUnit, {
 *   where: { obsUnit: { source: { name: 'Saturn' } } },
 *   relations: { obsUnit: true },
 * });
 * const { startTime, obsUnit } = toPlain(execution);
 * console.log(startTime, obsUnit?.name); // 2026-12-01T04:00:00.000Z Saturn/cross_scan/CHAI
 */
export function toPlain<T extends object>(entity: T, { secrets = false }: PlainOptions = {}): Plain<T> {
  return plainOf(entity, secrets, []) as Plain<T>;
}

function plainOf(entity: ObjectLiteral, secrets: boolean, above: readonly object[]): ObjectLiteral {
  const metadata = metadataOf(entity.constructor);
  if (!metadata)
    throw new OpsDbError(
      'plain_invalid',
      `toPlain was given ${shown(entity)}; it must be an object of a class of the model, as a query or fromPlain gives`,
    );
  const within = [...above, entity];
  const plain: ObjectLiteral = {};
  for (const column of columnsOf(metadata)) {
    const value = column.isDiscriminator ? metadata.discriminatorValue : entity[column.propertyName];
    if (value === undefined || (!column.isSelect && !secrets)) continue;
    plain[column.propertyName] = value instanceof Date ? value.toISOString() : value;
  }
  for (const { propertyName } of metadata.relations) {
    const related: unknown = entity[propertyName];
    if (related === undefined || within.includes(related as object)) continue;
    const nested = (each: object) => plainOf(each, secrets, within);
    if (Array.isArray(related))
      plain[propertyName] = related.filter((each) => !within.includes(each)).map(nested);
    else plain[propertyName] = related === null ? null : nested(related as object);
  }
  return plain;
}

/**
 * The entity that plain values stand for, as {@link toPlain} makes them or another service sends them; it is not saved.
 *
 * @param entity the class; of a family, the member that the discriminator names is made
 * @param plain parsed JSON
 * @returns an object of the class, with related rows where they are given
 * @throws InvalidInputError `plain_invalid` with every issue: where it stands, the value and what is allowed
 *
 * @example
 * import { InvalidInputError, fromPlain, Site, toPlain } from 'ccat-ops-db';
 *
 * const cologne = await session.findOneByOrFail(Site, { shortName: 'cologne' });
 * const sent = JSON.stringify(toPlain(cologne));
 * console.log(fromPlain(Site, JSON.parse(sent)).createdAt instanceof Date); // true
 *
 * try {
 *   fromPlain(Site, { ...JSON.parse(sent), active: 'yes' });
 * } catch (error) {
 *   const issues = error instanceof InvalidInputError ? error.issues : [];
 *   for (const { key, value } of issues) console.log(key, value); // active "yes"
 * }
 */
export function fromPlain<T extends object>(entity: EntityClass<T>, plain: unknown): T {
  const metadata = requireMetadata(entity);
  const issues: PlainError[] = [];
  const made = entityOf(metadata, plain, '', issues);
  throwIssues(entity.name, issues);
  return made as T;
}

/**
 * What a service has sent to be filed, from parsed JSON: instants are `Date`s then.
 *
 * @param name the payload, as its schema in `ccat-ops-db/schemas` is named
 * @param plain parsed JSON
 * @throws InvalidInputError `plain_invalid` with every issue: where it stands, the value and what is allowed
 *
 * @example
 * import { ObsUnit, readPayload, startObservation } from 'ccat-ops-db';
 *
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { name: 'Mars/retune/Prime-Cam' });
 * const body = JSON.stringify({ obsUnitId, startTime: '2026-12-02T03:00:00Z' });
 *
 * const start = readPayload('ObservationStart', JSON.parse(body));
 * console.log(start.startTime instanceof Date); // true
 * await startObservation(session, start);
 */
export function readPayload<N extends PayloadName>(name: N, plain: unknown): Payloads[N] {
  throwIssues(name, faultsOf(cached(payloadSchemas, name, payloadSchema), plain));
  const given = plain as ObjectLiteral;
  return { ...given, ...valuesOf(payloadColumns(name), given) } as Payloads[N];
}

const rowSchemas = new Map<EntityMetadata, JsonSchema>();
const payloadSchemas = new Map<PayloadName, JsonSchema>();

function entityOf(
  metadata: EntityMetadata,
  plain: unknown,
  path: string,
  issues: PlainError[],
): ObjectLiteral | undefined {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    issues.push({ key: path || metadata.name, value: shown(plain), message: 'must be an object' });
    return undefined;
  }
  const given = plain as ObjectLiteral;
  const member = memberOf(metadata, given, path, issues);
  if (!member) return undefined;
  const relations = member.relations.filter(({ propertyName }) => given[propertyName] !== undefined);
  const row = { ...given };
  for (const { propertyName } of relations) delete row[propertyName];
  issues.push(...faultsOf(cached(rowSchemas, member, rowSchema), row, path));
  const made = new (member.target as new () => ObjectLiteral)();
  Object.assign(made, valuesOf(columnsOf(member), given));
  for (const relation of relations)
    made[relation.propertyName] = relatedOf(relation, given[relation.propertyName], path, issues);
  return made;
}

/** The class itself, or the member of the family that the discriminator names. */
function memberOf(
  metadata: EntityMetadata,
  given: ObjectLiteral,
  path: string,
  issues: PlainError[],
): EntityMetadata | undefined {
  const members = metadata.childEntityMetadatas;
  if (members.length === 0) return metadata;
  const { propertyName } = metadata.discriminatorColumn as ColumnMetadata;
  const value = given[propertyName];
  const member = members.find(({ discriminatorValue }) => discriminatorValue === value);
  if (member) return member;
  const allowed = members.map(({ discriminatorValue }) => discriminatorValue).join(', ');
  issues.push({
    key: joined(path, propertyName),
    ...(value === undefined
      ? { value: 'nothing', message: `must be given: one of ${allowed}` }
      : { value: shown(value), message: `must be one of ${allowed}` }),
  });
  return undefined;
}

function relatedOf(relation: RelationMetadata, given: unknown, path: string, issues: PlainError[]): unknown {
  const { propertyName, inverseEntityMetadata, isOneToMany, isManyToMany, isNullable, isOwning } = relation;
  const at = joined(path, propertyName);
  if (isOneToMany || isManyToMany) {
    if (Array.isArray(given))
      return given.map((each, index) => entityOf(inverseEntityMetadata, each, joined(at, index), issues));
    issues.push({ key: at, value: shown(given), message: 'must be a list' });
    return undefined;
  }
  if (given === null && (isNullable || !isOwning)) return null;
  return entityOf(inverseEntityMetadata, given, at, issues);
}

function valuesOf(columns: readonly ColumnMetadata[], given: ObjectLiteral): ObjectLiteral {
  const present = columns.filter(({ propertyName }) => given[propertyName] !== undefined);
  return Object.fromEntries(
    present.map((column) => [column.propertyName, parsed(column, given[column.propertyName])]),
  );
}

function parsed(column: ColumnMetadata, given: unknown): unknown {
  if (typeof given !== 'string') return given;
  if (column.type === 'uuid') return given.toLowerCase();
  return isInstant(column) ? new Date(given) : given;
}

function throwIssues(origin: string, issues: readonly PlainError[]): void {
  if (issues.length === 0) return;
  throw new InvalidInputError(
    'plain_invalid',
    `${origin} cannot be made of what was given:`,
    issues.map((issue) => ({ origin, ...issue })),
  );
}

function cached<K, V>(known: Map<K, V>, key: K, make: (key: K) => V): V {
  const value = known.get(key) ?? make(key);
  known.set(key, value);
  return value;
}
