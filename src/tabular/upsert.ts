import { isDeepStrictEqual } from 'node:util';
import { type EntityManager, In, type ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { bulkInsert } from '../database/bulk-insert.js';
import { CHUNK, inChunks } from '../database/chunks.js';
import { isConstraintViolation } from '../database/constraint-violation.js';
import { oneAtATime } from '../database/one-at-a-time.js';
import { oneOf } from '../database/one-of.js';
import { snakeCase } from '../entities/snake-case.js';
import { OpsDbError } from '../errors.js';
import { lifecycles, transition } from '../lifecycle/index.js';
import { nearest } from '../nearest.js';
import type { IssueList } from './issue-list.js';
import { columnOf, KeyLookup, type Located } from './key-lookup.js';
import { keyText } from './natural-key.js';
import type { Found, SeedRow, Target } from './row-reader.js';
import type { TableStep } from './table-step.js';
import { stepOf } from './table-step.js';

/** A row of the database that is not as its data file says. */
export interface Difference {
  /** The natural key of the row. */
  readonly key: string;
  /** The properties and relations that differ. */
  readonly properties: readonly string[];
}

/** What became of the rows of one entity. */
export interface SeedResult {
  /** Name of the entity that the rows are of. */
  readonly entity: string;
  /** Rows that were not there and were written. */
  readonly added: number;
  /** Rows that were there as the files say. */
  readonly unchanged: number;
  /** Rows that were there otherwise: kept, or with `force` set to what the files say. */
  readonly differing: readonly Difference[];
}

/** A row that was not in the database, or is not there as its file says. */
export interface RowDifference {
  /** Name of the entity that the row is of. */
  readonly entity: string;
  /** The natural key of the row. */
  readonly key: string;
  /** What differs; null where the row was not there. */
  readonly changes: readonly Change[] | null;
}

/** A property of a row that differs. */
export interface Change {
  /** The property that differs. */
  readonly property: string;
  /** The value in the database; missing where the property is a reference or a list of links. */
  readonly from?: unknown;
  /** The value in the file; missing where the property is a reference or a list of links. */
  readonly to?: unknown;
}

/** How rows are brought into the database. */
export interface UpsertOptions {
  /** The natural keys of the tables. */
  readonly plan: readonly TableStep[];
  /** Set rows that differ to what the files say; without it they are reported and kept. */
  readonly force: boolean;
  /** Who changes the state of a row, for the history. */
  readonly by: string;
  /** Called with each row that is added or differs. */
  readonly onDifference?: (row: RowDifference) => void;
}

/** A row with what it refers to resolved: values by property, ids of linked rows by name of the relation. */
interface Resolved {
  readonly row: SeedRow;
  readonly values: ObjectLiteral;
  readonly links: ReadonlyMap<RelationMetadata, readonly number[]>;
}

/** A row for which the database has one of the same natural key. */
type Known = Resolved & { readonly found: Located };

/** Names that are held against one that is not known; more would take longer than they help. */
const NAMES_COMPARED = 200_000;
const SUGGESTIONS = 50;

/**
 * Brings rows into the database by natural key: adds what is missing, compares what is there. Rows are looked up,
 * resolved and written a chunk at a time, so that neither the memory nor the time for a row grows with their number.
 */
export class Upsert {
  private readonly lookup: KeyLookup;
  private readonly suggested = new Map<string, { names: string[]; left: number }>();

  /**
   * @param manager of a transaction
   * @param found what the reader has found in the files, so that what refers to a bad row is not reported as well
   * @param issues where unknown references and what the database refuses are reported
   */
  constructor(
    private readonly manager: EntityManager,
    private readonly found: Found,
    private readonly issues: IssueList,
    private readonly options: UpsertOptions,
  ) {
    this.lookup = new KeyLookup(manager, options.plan);
  }

  /** To be called first: other programs that write rows of files wait until the transaction ends. */
  begin(): Promise<void> {
    return oneAtATime(this.manager, 'rows of files');
  }

  /** @returns what became of the rows; not to be relied on where issues were reported */
  async write(target: Target, rows: Iterable<SeedRow> | AsyncIterable<SeedRow>): Promise<SeedResult> {
    const result = { entity: target.metadata.name, added: 0, unchanged: 0, differing: [] as Difference[] };
    let waiting = await this.writeRows(target, rows, result);
    // Rows that refer to rows of their own table come after these have been written.
    for (let before = Number.POSITIVE_INFINITY; waiting.length > 0 && waiting.length < before; ) {
      before = waiting.length;
      waiting = await this.writeRows(target, waiting, result);
    }
    for (const row of waiting) await this.reportUnknown(row, await this.located([row]));
    return result;
  }

  private async writeRows(
    target: Target,
    rows: Iterable<SeedRow> | AsyncIterable<SeedRow>,
    result: { added: number; unchanged: number; differing: Difference[] },
  ): Promise<SeedRow[]> {
    const waiting: SeedRow[] = [];
    for await (const chunk of inChunks(rows)) {
      const { ready, early } = await this.resolve(target.metadata, chunk);
      waiting.push(...early);
      const { fresh, known } = await this.fitting(target, await this.split(target, ready));
      for (const row of known) {
        const changes = await this.update(target, row);
        if (changes.length === 0) result.unchanged += 1;
        else result.differing.push(this.differing(target, row.row, changes));
      }
      result.added += await this.insert(target, fresh);
    }
    return waiting;
  }

  /** The rows that keep to the rule of their table; what is wrong with the others is reported. */
  private async fitting(
    { step: { rule }, metadata }: Target,
    { fresh, known }: { readonly fresh: readonly Resolved[]; readonly known: readonly Known[] },
  ): Promise<{ fresh: readonly Resolved[]; known: readonly Known[] }> {
    const relation = rule && metadata.findRelationWithPropertyPath(rule.relation);
    if (!relation) return { fresh, known };
    const column = columnOf(relation);
    const idOf = ({ values, found }: Resolved & Partial<Known>) => values[column] ?? found?.[column];
    const ids = [...fresh, ...known].map(idOf).filter((id) => id != null);
    const keys = await this.lookup.keysOf(relation.inverseEntityMetadata, ids);
    const fits = (one: Resolved & Partial<Known>) => {
      const given = Object.entries(one.values).filter(([, value]) => value !== undefined);
      const values = { ...one.found, ...Object.fromEntries(given) };
      const issues = rule.issues(keys.get(idOf(one)) ?? '', values);
      for (const { key, value, message } of issues)
        this.issues.report({
          origin: one.row.origin,
          key,
          value: JSON.stringify(value) ?? 'nothing',
          message,
        });
      return issues.length === 0;
    };
    return { fresh: fresh.filter(fits), known: known.filter(fits) };
  }

  private differing({ metadata }: Target, { key }: SeedRow, changes: readonly Change[]): Difference {
    this.options.onDifference?.({ entity: metadata.name, key, changes });
    return { key, properties: changes.map(({ property }) => property) };
  }

  /** Finds what rows refer to; `early` are those that refer to rows of their own table which are not there yet. */
  private async resolve(
    metadata: EntityMetadata,
    rows: readonly SeedRow[],
  ): Promise<{ ready: Resolved[]; early: SeedRow[] }> {
    const located = await this.located(rows);
    const ready: Resolved[] = [];
    const early: SeedRow[] = [];
    for (const row of rows) {
      const missing = missingFrom(row, located);
      if (missing.length === 0) ready.push(resolved(row, located));
      else if (
        missing.every(
          ([
            {
              inverseEntityMetadata: { tablePath },
            },
          ]) => tablePath === metadata.tablePath,
        )
      )
        early.push(row);
      else await this.reportUnknown(row, located);
    }
    return { ready, early };
  }

  private async located(rows: readonly SeedRow[]): Promise<LocatedRows> {
    const wanted = new Map<RelationMetadata, Set<string>>();
    for (const row of rows)
      for (const [relation, key] of referencesOf(row)) {
        const keys = wanted.get(relation) ?? new Set();
        wanted.set(relation, keys.add(key));
      }
    const located = new Map<RelationMetadata, Map<string, Located>>();
    for (const [relation, keys] of wanted)
      located.set(relation, await this.lookup.find(relation.inverseEntityMetadata, keys));
    return located;
  }

  private async reportUnknown(row: SeedRow, located: LocatedRows): Promise<void> {
    for (const [{ propertyName, inverseEntityMetadata: metadata }, key] of missingFrom(row, located)) {
      if (this.found.mayHave(metadata, key)) continue;
      this.issues.report({
        origin: row.origin,
        key: snakeCase(propertyName),
        value: JSON.stringify(key),
        message: `no ${metadata.name} has this name${(await this.otherName(metadata, key)) ?? (await this.nearest(metadata, key))}`,
      });
    }
  }

  /** What is said of a name that is another name of a row; undefined where it is none. */
  private async otherName(metadata: EntityMetadata, key: string): Promise<string | undefined> {
    const [property] = stepOf(this.options.plan, metadata).key;
    if (!metadata.findColumnWithPropertyName('aliases') || property === undefined) return undefined;
    const rows = (await this.manager.find(metadata.target, {
      select: { id: true, [property]: true, aliases: true },
      take: NAMES_COMPARED,
    })) as Located[];
    const wanted = key.toLowerCase();
    const row = rows.find(({ aliases }) =>
      (aliases as readonly string[]).some((alias) => alias.toLowerCase() === wanted),
    );
    return row && `; it is another name of ${row[property]}`;
  }

  private async nearest(metadata: EntityMetadata, key: string): Promise<string> {
    const { tablePath } = metadata;
    const suggestions = this.suggested.get(tablePath) ?? {
      names: await this.lookup.allKeys(metadata, NAMES_COMPARED),
      left: SUGGESTIONS,
    };
    this.suggested.set(tablePath, { ...suggestions, left: suggestions.left - 1 });
    return suggestions.left > 0 ? nearest(key, suggestions.names) : '';
  }

  /** Tells rows that are in the database from those that are not. */
  private async split(
    { step, metadata }: Target,
    rows: readonly Resolved[],
  ): Promise<{ fresh: Resolved[]; known: Known[] }> {
    const present = new Map<string, Located>();
    const properties = keyProperties({ step, metadata });
    if (rows.length > 0) {
      const where = Object.fromEntries(
        properties.map((property) => [
          property,
          In([...new Set(rows.map(({ values }) => values[property]))]),
        ]),
      );
      const found = (await this.manager.find(metadata.target, { where })) as Located[];
      for (const row of found) present.set(keyIn(row, properties), row);
    }
    const fresh: Resolved[] = [];
    const known: Known[] = [];
    for (const row of rows) {
      const found = present.get(keyIn(row.values, properties));
      if (found) known.push({ ...row, found });
      else fresh.push(row);
    }
    return { fresh, known: await this.withLinks(metadata, known) };
  }

  /** Adds the ids of the linked rows to the rows of the database, where the files say something about them. */
  private async withLinks(metadata: EntityMetadata, rows: readonly Known[]): Promise<Known[]> {
    for (const relation of ownedLinks(metadata)) {
      const { junction, owner, inverse } = junctionOf(relation);
      const linked = rows.filter(({ links }) => links.has(relation));
      if (linked.length === 0) continue;
      const pairs: { owner: number; inverse: number }[] = await this.manager
        .createQueryBuilder()
        .select(`it.${owner.propertyName}`, 'owner')
        .addSelect(`it.${inverse.propertyName}`, 'inverse')
        .from(junction.target as string, 'it')
        .where({
          [owner.propertyName]: oneOf(
            this.manager,
            linked.map(({ found }) => found.id),
          ),
        })
        .getRawMany();
      const byOwner = new Map<number, number[]>(linked.map(({ found }) => [found.id, []]));
      for (const pair of pairs) byOwner.get(pair.owner)?.push(pair.inverse);
      for (const { found } of linked) found[relation.propertyName] = byOwner.get(found.id);
    }
    return [...rows];
  }

  /** @returns what differs between the file and the database */
  private async update({ step, metadata }: Target, { row, values, links, found }: Known): Promise<Change[]> {
    const changed = Object.entries(values).filter(
      ([property, value]) => value !== undefined && !isDeepStrictEqual(found[property], value),
    );
    const relinked = [...links].filter(
      ([{ propertyName }, ids]) => !isDeepStrictEqual([...found[propertyName]].sort(), [...ids].sort()),
    );
    const changes = [
      ...changed.map(([property, to]) =>
        property in row.values ? { property, from: found[property], to } : { property },
      ),
      ...relinked.map(([{ propertyName: property }]) => ({ property })),
    ];
    if (!this.options.force) return changes;
    const refused = await this.refusal(async (manager) => {
      if (changed.length > 0)
        await change(manager, step.entity, found, Object.fromEntries(changed), this.options.by);
      for (const [relation, ids] of relinked) {
        const { junction, owner } = junctionOf(relation);
        const { propertyName } = owner;
        await manager
          .createQueryBuilder()
          .delete()
          .from(junction.target)
          .where({ [propertyName]: found.id })
          .execute();
        await link(manager, relation, [[found.id, ids]]);
      }
    }, changed.length + relinked.length);
    if (refused) this.report(metadata, row, refused);
    return changes;
  }

  private async insert(target: Target, rows: readonly Resolved[]): Promise<number> {
    const { metadata } = target;
    const written = await this.taken(metadata, rows);
    await this.linkFresh(target, written);
    const { onDifference } = this.options;
    if (onDifference)
      for (const { row } of written) onDifference({ entity: metadata.name, key: row.key, changes: null });
    return written.length;
  }

  /** Inserts rows. The database says what it refused but not which row: halves tell. */
  private async taken(metadata: EntityMetadata, rows: readonly Resolved[]): Promise<readonly Resolved[]> {
    const values = rows.map((row) => row.values);
    const message = await this.refusal((manager) => bulkInsert(manager, metadata, values), rows.length);
    if (message === undefined) return rows;
    const [first] = rows as [Resolved];
    if (rows.length === 1) {
      this.report(metadata, first.row, message);
      return [];
    }
    const middle = rows.length >> 1;
    const [left, right] = [rows.slice(0, middle), rows.slice(middle)];
    return [...(await this.taken(metadata, left)), ...(await this.taken(metadata, right))];
  }

  private async linkFresh(target: Target, rows: readonly Resolved[]): Promise<void> {
    const { metadata } = target;
    const linked = rows.filter(({ links }) => [...links.values()].some(({ length }) => length > 0));
    if (linked.length === 0) return;
    const ids = await this.lookup.find(
      metadata,
      linked.map(({ row }) => row.key),
    );
    for (const relation of ownedLinks(metadata))
      await link(
        this.manager,
        relation,
        linked.map(({ row, links }) => [(ids.get(row.key) as Located).id, links.get(relation) ?? []]),
      );
  }

  private report({ tableName }: EntityMetadata, { origin, key }: SeedRow, message: string): void {
    this.issues.report({ origin, key: tableName, value: key, message });
  }

  /** What is said against some work, undefined where it was done; work on nothing is not begun. */
  private async refusal(
    work: (manager: EntityManager) => Promise<unknown>,
    size: number,
  ): Promise<string | undefined> {
    if (size === 0) return undefined;
    try {
      await this.manager.transaction(work);
      return undefined;
    } catch (error) {
      if (isConstraintViolation(error)) return (error as Error).message;
      if (error instanceof OpsDbError && error.code === 'transition_illegal') return error.message;
      throw error;
    }
  }
}

type LocatedRows = ReadonlyMap<RelationMetadata, ReadonlyMap<string, Located>>;

/** The many-to-many relations that an entity owns. */
export function ownedLinks({ relations }: EntityMetadata): RelationMetadata[] {
  return relations.filter(({ isManyToManyOwner }) => isManyToManyOwner);
}

/** The table of links of a relation, and its two columns. */
export function junctionOf({ junctionEntityMetadata }: RelationMetadata): {
  junction: EntityMetadata;
  owner: ColumnMetadata;
  inverse: ColumnMetadata;
} {
  const junction = junctionEntityMetadata as EntityMetadata;
  const [[owner], [inverse]] = [junction.ownerColumns, junction.inverseColumns];
  return { junction, owner: owner as ColumnMetadata, inverse: inverse as ColumnMetadata };
}

function* referencesOf({ references, links }: SeedRow): Generator<[RelationMetadata, string]> {
  for (const [relation, key] of references) if (key !== null) yield [relation, key];
  for (const [relation, keys] of links) for (const key of keys) yield [relation, key];
}

function missingFrom(row: SeedRow, located: LocatedRows): [RelationMetadata, string][] {
  return [...referencesOf(row)].filter(([relation, key]) => !located.get(relation)?.has(key));
}

function resolved(row: SeedRow, located: LocatedRows): Resolved {
  const values: ObjectLiteral = { ...row.values };
  for (const [relation, key] of row.references) {
    const target = key === null ? undefined : located.get(relation)?.get(key);
    for (const { propertyName, referencedColumn } of relation.joinColumns)
      values[propertyName] = target ? referencedColumn?.getEntityValue(target) : null;
  }
  const links = new Map(
    [...row.links].map(([relation, keys]) => {
      const rows = located.get(relation) as ReadonlyMap<string, Located>;
      return [relation, [...new Set(keys)].map((key) => (rows.get(key) as Located).id)];
    }),
  );
  return { row, values, links };
}

function keyProperties({ step, metadata }: Target): string[] {
  return step.key.map((part) => {
    const relation = metadata.findRelationWithPropertyPath(part);
    return relation ? columnOf(relation) : part;
  });
}

function keyIn(row: ObjectLiteral, properties: readonly string[]): string {
  return properties.map((property) => keyText(row[property])).join('\0');
}

/** Sets values of a row; one that has a life cycle changes by a step of it, and the others in the same statement. */
async function change(
  manager: EntityManager,
  entity: new () => object,
  found: Located,
  values: ObjectLiteral,
  by: string,
): Promise<void> {
  const lifecycle = lifecycles.find((some) => some.entity === entity && some.property in values);
  if (!lifecycle) {
    await manager.update(entity, found.id, values);
    return;
  }
  const { property } = lifecycle;
  const { [property]: to, ...set } = values;
  await transition(manager, entity, found.id, { from: found[property], to, property, set, by });
}

async function link(
  manager: EntityManager,
  relation: RelationMetadata,
  links: readonly (readonly [owner: number, inverse: readonly number[]])[],
): Promise<void> {
  const { junction, owner, inverse } = junctionOf(relation);
  const pairs = links.flatMap(([id, ids]) =>
    ids.map((other) => ({ [owner.propertyName]: id, [inverse.propertyName]: other })),
  );
  for (let start = 0; start < pairs.length; start += CHUNK)
    await bulkInsert(manager, junction, pairs.slice(start, start + CHUNK));
}
