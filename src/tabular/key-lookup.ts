import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { oneOf } from '../database/one-of.js';
import { CellError, parseCell } from './cell.js';
import { keyText } from './natural-key.js';
import { stepOf, type TableStep } from './table-step.js';

/** A row that others refer to: its `id` and the columns of its natural key. */
export type Located = ObjectLiteral & { readonly id: number };

/** Size of the cache for one table [rows]; it is emptied when it is full. */
const REMEMBERED = 20_000;

/** Finds rows by natural key, and natural keys of rows, a list at a time and through the indexes. */
export class KeyLookup {
  private readonly remembered = new Map<string, Map<string, Located>>();

  /** @param plan the natural keys of the tables */
  constructor(
    private readonly manager: EntityManager,
    private readonly plan: readonly TableStep[],
  ) {}

  /**
   * The rows that have some natural keys.
   * @param metadata the entity or family that the rows belong to
   * @returns by natural key; keys that no row has are left out
   */
  async find(metadata: EntityMetadata, keys: Iterable<string>): Promise<Map<string, Located>> {
    const memory = this.memoryOf(metadata);
    const found = new Map<string, Located>();
    const unknown = new Set<string>();
    for (const key of keys) {
      const row = memory.get(key);
      if (row) found.set(key, row);
      else unknown.add(key);
    }
    if (unknown.size === 0) return found;
    for (const [key, row] of await this.load(metadata, unknown)) {
      found.set(key, row);
      memory.set(key, row);
    }
    return found;
  }

  /**
   * The natural keys of rows.
   * @param values what the rows have in a unique property, by default their ids
   * @returns by that value
   */
  async keysOf<V extends number | string>(
    metadata: EntityMetadata,
    values: Iterable<V>,
    property = 'id',
  ): Promise<Map<V, string>> {
    const distinct = [...new Set(values)];
    if (distinct.length === 0) return new Map();
    const rows = await this.select(metadata, { [property]: oneOf(this.manager, distinct) });
    const texts = await this.textsOf(metadata, rows);
    return new Map(rows.map((row) => [row[property], texts.get(row.id) as string]));
  }

  /** All natural keys of a table, at most so many. */
  async allKeys(metadata: EntityMetadata, limit: number): Promise<string[]> {
    const rows = await this.select(metadata, {}, limit);
    return [...(await this.textsOf(metadata, rows)).values()];
  }

  private memoryOf({ name }: EntityMetadata): Map<string, Located> {
    const memory = this.remembered.get(name);
    if (memory && memory.size < REMEMBERED) return memory;
    const fresh = new Map<string, Located>();
    this.remembered.set(name, fresh);
    return fresh;
  }

  private async load(metadata: EntityMetadata, keys: Iterable<string>): Promise<Map<string, Located>> {
    const { key: parts, canonicalKey = (key: string) => key } = stepOf(this.plan, metadata);
    const asked = new Map<string, string[]>();
    const texts = parts.map(() => new Set<string>());
    for (const key of keys)
      for (const split of divisions(canonicalKey(key).split('/'), parts.length)) {
        const known = this.canonical(metadata, split);
        asked.set(known, [...(asked.get(known) ?? []), key]);
        for (const [index, text] of split.entries()) texts[index]?.add(text);
      }
    const where: Record<string, unknown> = {};
    for (const [index, part] of parts.entries()) {
      const relation = metadata.findRelationWithPropertyPath(part);
      const some = texts[index] as Set<string>;
      where[relation ? columnOf(relation) : part] = oneOf(
        this.manager,
        relation ? await this.idsOf(relation, some) : valuesOf(metadata, part, some),
      );
    }
    const rows = await this.select(metadata, where);
    const found = new Map<string, Located>();
    const names = await this.textsOf(metadata, rows);
    for (const row of rows) {
      for (const key of asked.get(names.get(row.id) as string) ?? []) found.set(key, row);
    }
    return found;
  }

  private async idsOf(relation: RelationMetadata, keys: Iterable<string>): Promise<unknown[]> {
    const rows = await this.find(relation.inverseEntityMetadata, keys);
    return [...rows.values()].map(({ id }) => id);
  }

  private async textsOf(metadata: EntityMetadata, rows: readonly Located[]): Promise<Map<number, string>> {
    const columns: ((row: Located) => string)[] = [];
    for (const part of stepOf(this.plan, metadata).key) {
      const relation = metadata.findRelationWithPropertyPath(part);
      const column = relation ? columnOf(relation) : part;
      const keys =
        relation &&
        (await this.keysOf(
          relation.inverseEntityMetadata,
          rows.map((row) => row[column] as number),
        ));
      columns.push((row) => keys?.get(row[column]) ?? keyText(row[column]));
    }
    return new Map(rows.map((row) => [row.id, columns.map((textOf) => textOf(row)).join('/')]));
  }

  private async select(metadata: EntityMetadata, where: ObjectLiteral, take?: number): Promise<Located[]> {
    const properties = stepOf(this.plan, metadata).key.map((part) => {
      const relation = metadata.findRelationWithPropertyPath(part);
      return relation ? columnOf(relation) : part;
    });
    const select = Object.fromEntries(['id', ...properties].map((property) => [property, true]));
    return (await this.manager.find(metadata.target, {
      select,
      where,
      take,
      order: { id: 'ASC' },
    })) as Located[];
  }

  /** A key in canonical form: an instant can be written in several ways. */
  private canonical(metadata: EntityMetadata, split: readonly string[]): string {
    return stepOf(this.plan, metadata)
      .key.map((part, index) => {
        const text = split[index] as string;
        return metadata.findRelationWithPropertyPath(part)
          ? text
          : keyText(parsedValue(metadata, part, text));
      })
      .join('/');
  }
}

/** The property that holds the key of the row which a relation leads to. */
export function columnOf({ joinColumns }: RelationMetadata): string {
  return joinColumns[0]?.propertyName as string;
}

/** The values of texts in a column of a key; invalid ones are left out. */
function valuesOf(metadata: EntityMetadata, property: string, texts: Iterable<string>): unknown[] {
  const values: unknown[] = [];
  for (const text of texts) {
    const value = parsedValue(metadata, property, text);
    if (value !== undefined) values.push(value);
  }
  return values;
}

function parsedValue(metadata: EntityMetadata, property: string, text: string): unknown {
  try {
    return parseCell(text, metadata.findColumnWithPropertyName(property) as ColumnMetadata);
  } catch (error) {
    if (error instanceof CellError) return undefined;
    throw error;
  }
}

/** All ways to join the pieces of a key into so many texts; names may contain slashes. */
function* divisions(pieces: readonly string[], count: number): Generator<string[]> {
  if (count === 1) yield [pieces.join('/')];
  else
    for (let first = 1; first <= pieces.length - count + 1; first += 1)
      for (const rest of divisions(pieces.slice(first), count - 1))
        yield [pieces.slice(0, first).join('/'), ...rest];
}
