import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { issuesInAnyMode, ObsUnit, scanIssues } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { invalidArgument } from '../../values/arguments.js';
import { canonicaliserOf, type Door, type Report } from '../../values/canonical.js';
import { shown } from '../../values/shown.js';
import { type PayloadName, type Payloads, payloadDoors } from '../filing/payload-properties.js';
import { mustBeGiven } from './json-schema.js';
import { payloadMetadata } from './payloads.js';
import { joined, PlainIssues } from './plain-issues.js';
import { columnsOf, type EntityClass, metadataOf, requireMetadata } from './properties.js';

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
    plain[column.propertyName] = value instanceof Date ? value.toISOString() : structuredClone(value);
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
 * @throws InvalidInputError `plain_invalid` with every issue, at most the first 100: where it stands, the value and
 *   what is allowed
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
  const issues = new PlainIssues(entity.name);
  const made = entityOf(metadata, plain, '', issues);
  issues.assertNone();
  return made as T;
}

/**
 * What a service has sent to be filed, from parsed JSON: instants are `Date`s then.
 *
 * @param name the payload, as its schema in `ccat-ops-db/schemas` is named
 * @param plain parsed JSON
 * @throws InvalidInputError `plain_invalid` with every issue, at most the first 100: where it stands, the value and
 *   what is allowed
 *
 * @example
 * import { ObsUnit, readPayload, startObservation } from 'ccat-ops-db';
 *
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { name: 'Mars/retune/Prime-Cam' });
 * const body = JSON.stringify({ obsUnitId, startTime: '2026-11-22T03:00:00Z' });
 *
 * const start = readPayload('ObservationStart', JSON.parse(body));
 * console.log(start.startTime instanceof Date); // true
 * await startObservation(session, start);
 */
export function readPayload<N extends PayloadName>(name: N, plain: unknown): Payloads[N] {
  if (!Object.hasOwn(payloadDoors, name))
    throw invalidArgument('name', name, `one of ${Object.keys(payloadDoors).join(', ')}`);
  const issues = new PlainIssues(name);
  const given = isObject(plain) ? plain : {};
  if (given !== plain) issues.report('', name, plain, 'must be an object');
  const canonicalise = canonicaliserOf(payloadMetadata(name), payloadDoors[name]);
  const payload: ObjectLiteral = canonicalise(given, issues.below(''));
  issues.assertNone();
  return payload as Payloads[N];
}

function entityOf(
  metadata: EntityMetadata,
  plain: unknown,
  path: string,
  issues: PlainIssues,
): ObjectLiteral | undefined {
  if (!isObject(plain)) {
    issues.report('', path || metadata.name, plain, 'must be an object');
    return undefined;
  }
  const member = memberOf(metadata, plain, path, issues);
  if (!member) return undefined;
  const relations = member.relations.filter(({ propertyName }) => plain[propertyName] !== undefined);
  const row: ObjectLiteral = { ...plain };
  for (const { propertyName } of relations) delete row[propertyName];
  const made = new (member.target as new () => ObjectLiteral)();
  const values = canonicaliserOf(member, rowDoor(member))(row, issues.below(path));
  for (const { propertyName } of columnsOf(member))
    if (values[propertyName] !== undefined) made[propertyName] = values[propertyName];
  for (const relation of relations)
    made[relation.propertyName] = relatedOf(relation, plain[relation.propertyName], path, issues);
  if (made instanceof ObsUnit) reportScan(made, issues.below(joined(path, 'mappingParameters')));
  return made;
}

/** What is wrong with the scan parameters of a unit; by its mode where that is given, otherwise by any. */
function reportScan({ obsMode, mappingParameters: set }: ObsUnit, report: Report): void {
  if (!isObject(set)) return;
  const issues = obsMode ? scanIssues(obsMode.name, set) : issuesInAnyMode(set);
  for (const { key, message, refusesStoring } of issues)
    if (refusesStoring) report(key, Object.hasOwn(set, key) ? set[key] : undefined, message);
}

const rowDoors = new WeakMap<EntityMetadata, Door>();

function rowDoor(metadata: EntityMetadata): Door {
  const known = rowDoors.get(metadata);
  if (known) return known;
  const needs = columnsOf(metadata).map((column) => [
    column.propertyName,
    mustBeGiven(metadata, column) ? 'required' : 'optional',
  ]);
  const door = { properties: Object.fromEntries(needs), isJson: true };
  rowDoors.set(metadata, door);
  return door;
}

function isObject(plain: unknown): plain is ObjectLiteral {
  return typeof plain === 'object' && plain !== null && !Array.isArray(plain);
}

/** The class itself, or the member of the family that the discriminator names. */
function memberOf(
  metadata: EntityMetadata,
  given: ObjectLiteral,
  path: string,
  issues: PlainIssues,
): EntityMetadata | undefined {
  const members = metadata.childEntityMetadatas;
  if (members.length === 0) return metadata;
  const { propertyName } = metadata.discriminatorColumn as ColumnMetadata;
  const value = given[propertyName];
  const member = members.find(({ discriminatorValue }) => discriminatorValue === value);
  if (member) return member;
  const allowed = members.map(({ discriminatorValue }) => discriminatorValue).join(', ');
  const message = `must be ${value === undefined ? 'given: ' : ''}one of ${allowed}`;
  issues.report(path, propertyName, value, message);
  return undefined;
}

function relatedOf(relation: RelationMetadata, given: unknown, path: string, issues: PlainIssues): unknown {
  const { propertyName, inverseEntityMetadata, isOneToMany, isManyToMany, isNullable, isOwning } = relation;
  const at = joined(path, propertyName);
  if (isOneToMany || isManyToMany) {
    if (Array.isArray(given))
      return given.map((each, index) => entityOf(inverseEntityMetadata, each, joined(at, index), issues));
    issues.report(path, propertyName, given, 'must be a list');
    return undefined;
  }
  if (given === null && (isNullable || !isOwning)) return null;
  return entityOf(inverseEntityMetadata, given, at, issues);
}
