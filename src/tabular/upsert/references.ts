import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { snakeCase } from '../../entities/snake-case.js';
import { nearest } from '../../nearest.js';
import type { IssueList } from '../issue-list.js';
import type { KeyLookup, Located } from '../key-lookup.js';
import type { Found, SeedRow } from '../row-reader.js';
import { stepOf, type TableStep } from '../table-step.js';

/** A row with what it refers to resolved: values by property, ids of linked rows by name of the relation. */
export interface Resolved {
  readonly row: SeedRow;
  readonly values: ObjectLiteral;
  readonly links: ReadonlyMap<RelationMetadata, readonly number[]>;
}

type LocatedRows = ReadonlyMap<RelationMetadata, ReadonlyMap<string, Located>>;

/** Most names that an unknown one is compared with for a suggestion. */
const NAMES_COMPARED = 200_000;
const SUGGESTIONS = 50;

/** Finds the rows that rows of files refer to by natural key. */
export class References {
  private readonly suggested = new Map<string, { names: string[]; left: number }>();

  /**
   * @param found the rows that the reader has found, so that a reference to an invalid row is not reported as well
   * @param issues where unknown references are reported
   */
  constructor(
    private readonly manager: EntityManager,
    private readonly lookup: KeyLookup,
    private readonly plan: readonly TableStep[],
    private readonly found: Found,
    private readonly issues: IssueList,
  ) {}

  /**
   * Resolves the references of rows; `early` are rows that refer to rows of their own table that are not written yet.
   */
  async resolve(
    metadata: EntityMetadata,
    rows: readonly SeedRow[],
  ): Promise<{ ready: Resolved[]; early: SeedRow[] }> {
    const located = await this.located(rows);
    const ready: Resolved[] = [];
    const early: SeedRow[] = [];
    for (const row of rows) {
      const missing = missingFrom(row, located);
      if (missing.length === 0) ready.push(resolved(row, located));
      else if (missing.every(([relation]) => isWithin(relation, metadata))) early.push(row);
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

  /** Reports the unknown references of a row. */
  async reportUnknown(row: SeedRow, located?: LocatedRows): Promise<void> {
    for (const [{ propertyName, inverseEntityMetadata: metadata }, key] of missingFrom(
      row,
      located ?? (await this.located([row])),
    )) {
      if (this.found.mayHave(metadata, key)) continue;
      this.issues.report({
        origin: row.origin,
        key: snakeCase(propertyName),
        value: JSON.stringify(key),
        message: `no ${metadata.name} has this name${(await this.otherName(metadata, key)) ?? (await this.nearest(metadata, key))}`,
      });
    }
  }

  /** The message for a name that is an alias of a row; undefined where it is none. */
  private async otherName(metadata: EntityMetadata, key: string): Promise<string | undefined> {
    const [property] = stepOf(this.plan, metadata).key;
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
}

function* referencesOf({ references, links }: SeedRow): Generator<[RelationMetadata, string]> {
  for (const [relation, key] of references) if (key !== null) yield [relation, key];
  for (const [relation, keys] of links) for (const key of keys) yield [relation, key];
}

function isWithin({ inverseEntityMetadata }: RelationMetadata, { tablePath }: EntityMetadata): boolean {
  return inverseEntityMetadata.tablePath === tablePath;
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
