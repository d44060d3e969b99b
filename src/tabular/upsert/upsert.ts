import { isDeepStrictEqual } from 'node:util';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { inChunks } from '../../database/chunks.js';
import { oneAtATime } from '../../database/one-at-a-time.js';
import { oneOf } from '../../database/one-of.js';
import type { IssueList } from '../issue-list.js';
import { columnOf, KeyLookup, type Located } from '../key-lookup.js';
import { keyText } from '../natural-key.js';
import type { Found, KeyedTable, SeedRow } from '../row-reader.js';
import type { TableStep } from '../table-step.js';
import type { Change, Difference, RowDifference, SeedResult } from './difference.js';
import { link, linkedIds, ownedLinks } from './links.js';
import { References, type Resolved } from './references.js';
import { RowWriter } from './writer.js';

/** Options of {@link Upsert}. */
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

/** A row whose natural key is in the database. */
type Known = Resolved & { readonly found: Located };

/**
 * Writes rows into the database by natural key: missing rows are added, existing ones are compared. Rows are looked up,
 * resolved and written a chunk at a time, so that neither the memory nor the time for a row grows with their number.
 */
export class Upsert {
  private readonly lookup: KeyLookup;
  private readonly references: References;
  private readonly writer: RowWriter;

  /**
   * @param manager of a transaction
   * @param found the rows that the reader has found, so that a reference to an invalid row is not reported as well
   * @param issues where unknown references and what the database refuses are reported
   */
  constructor(
    private readonly manager: EntityManager,
    found: Found,
    private readonly issues: IssueList,
    private readonly options: UpsertOptions,
  ) {
    this.lookup = new KeyLookup(manager, options.plan);
    this.references = new References(manager, this.lookup, options.plan, found, issues);
    this.writer = new RowWriter(manager, issues, options.by);
  }

  /** To be called first: other programs that write rows of files wait until the transaction ends. */
  begin(): Promise<void> {
    return oneAtATime(this.manager, 'rows of files');
  }

  /** @returns the outcome for the rows; meaningless where issues were reported */
  async write(target: KeyedTable, rows: Iterable<SeedRow> | AsyncIterable<SeedRow>): Promise<SeedResult> {
    const result = { entity: target.metadata.name, added: 0, unchanged: 0, differing: [] as Difference[] };
    let waiting = await this.writeRows(target, rows, result);
    // Rows that refer to rows of their own table come after these have been written.
    for (let before = Number.POSITIVE_INFINITY; waiting.length > 0 && waiting.length < before; ) {
      before = waiting.length;
      waiting = await this.writeRows(target, waiting, result);
    }
    for (const row of waiting) await this.references.reportUnknown(row);
    return result;
  }

  private async writeRows(
    target: KeyedTable,
    rows: Iterable<SeedRow> | AsyncIterable<SeedRow>,
    result: { added: number; unchanged: number; differing: Difference[] },
  ): Promise<SeedRow[]> {
    const waiting: SeedRow[] = [];
    for await (const chunk of inChunks(rows)) {
      const { ready, early } = await this.references.resolve(target.metadata, chunk);
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

  /** The rows that fulfil the rule of their table; issues of the others are reported. */
  private async fitting(
    { step: { rule }, metadata }: KeyedTable,
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

  private differing({ metadata }: KeyedTable, { key }: SeedRow, changes: readonly Change[]): Difference {
    this.options.onDifference?.({ entity: metadata.name, key, changes });
    return { key, properties: changes.map(({ property }) => property) };
  }

  /** Divides rows into those that are in the database and those that are not. */
  private async split(
    { step, metadata }: KeyedTable,
    rows: readonly Resolved[],
  ): Promise<{ fresh: readonly Resolved[]; known: readonly Known[] }> {
    const present = new Map<string, Located>();
    const properties = keyProperties({ step, metadata });
    if (rows.length > 0) {
      const where = Object.fromEntries(
        properties.map((property) => [
          property,
          oneOf(this.manager, [...new Set(rows.map(({ values }) => values[property]))]),
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

  /** Adds the ids of the linked rows to the rows of the database, where the files have links. */
  private async withLinks(metadata: EntityMetadata, rows: readonly Known[]): Promise<readonly Known[]> {
    for (const relation of ownedLinks(metadata)) {
      const linked = rows.filter(({ links }) => links.has(relation));
      if (linked.length === 0) continue;
      const ids = await linkedIds(
        this.manager,
        relation,
        linked.map(({ found }) => found.id),
      );
      for (const { found } of linked) found[relation.propertyName] = ids.get(found.id);
    }
    return rows;
  }

  /** @returns what differs between the file and the database */
  private async update(
    { step, metadata }: KeyedTable,
    { row, values, links, found }: Known,
  ): Promise<Change[]> {
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
    await this.writer.change({ step, metadata }, row, found, Object.fromEntries(changed), relinked);
    return changes;
  }

  private async insert(target: KeyedTable, rows: readonly Resolved[]): Promise<number> {
    const { metadata } = target;
    const written = await this.writer.insert(metadata, rows);
    await this.linkFresh(target, written);
    const { onDifference } = this.options;
    if (onDifference)
      for (const { row } of written) onDifference({ entity: metadata.name, key: row.key, changes: null });
    return written.length;
  }

  private async linkFresh(target: KeyedTable, rows: readonly Resolved[]): Promise<void> {
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
}

function keyProperties({ step, metadata }: KeyedTable): string[] {
  return step.key.map((part) => {
    const relation = metadata.findRelationWithPropertyPath(part);
    return relation ? columnOf(relation) : part;
  });
}

function keyIn(row: ObjectLiteral, properties: readonly string[]): string {
  return properties.map((property) => keyText(row[property])).join('\0');
}
