import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { closest } from 'fastest-levenshtein';
import type { DataSource } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { snakeCase } from '../database/naming.js';
import { type Fault, FaultsError } from '../errors.js';
import { packageRoot } from '../package-root.js';
import { CellFault, parseCell } from './cell.js';
import { readHeader } from './header.js';
import { keyText } from './natural-key.js';
import { type SeedStep, seedPlan } from './plan.js';

/** One row of a data file. */
export interface SeedRow {
  /** Where the row stands: file and line. */
  readonly origin: string;
  /** The natural key as one text, as references to the row are written. */
  readonly key: string;
  /** Values by property; a property is missing where the database shall fill in its default. */
  readonly values: Readonly<Record<string, unknown>>;
  /** By relation, the natural key of the row that is referred to, or null. */
  readonly references: ReadonlyMap<RelationMetadata, string | null>;
  /** By name of a many-to-many relation, the natural keys of the rows that are linked. */
  readonly links: ReadonlyMap<string, readonly string[]>;
}

/** A data file, read and checked. */
export interface SeedTable {
  readonly step: SeedStep;
  readonly metadata: EntityMetadata;
  readonly rows: readonly SeedRow[];
}

/** The folder of the data files that come with the package. */
export function seedDataFolder(): string {
  return join(packageRoot(), 'src', 'seed', 'data');
}

/**
 * Reads and checks all data files; writes nothing.
 * @param dataSource initialised; only its entity metadata is used
 * @param folder where the files are, by default those of the package
 * @throws FaultsError `seed_data_invalid` with every fault of every file
 */
export function readSeedData(dataSource: DataSource, folder = seedDataFolder()): SeedTable[] {
  const faults: Fault[] = [];
  const known = new Map<string, Set<string>>();
  const tables = seedPlan.map((step) => {
    const metadata = dataSource.getMetadata(step.entity);
    const file = `${snakeCase(metadata.name).replaceAll('_', '-')}.csv`;
    return { step, metadata, rows: [...readRows(file, folder, step, metadata, known, faults)] };
  });
  if (faults.length > 0)
    throw new FaultsError(
      'seed_data_invalid',
      `The data files in ${folder} have ${faults.length} faults; nothing was written.`,
      faults,
    );
  return tables;
}

function* readRows(
  file: string,
  folder: string,
  step: SeedStep,
  metadata: EntityMetadata,
  known: Map<string, Set<string>>,
  faults: Fault[],
): Generator<SeedRow> {
  const records = parseFile(file, folder, faults);
  const header = readHeader(file, records.shift()?.record ?? [], metadata, faults);
  const keys = known.get(metadata.tablePath) ?? new Set<string>();
  known.set(metadata.tablePath, keys);
  for (const { record, line } of records) {
    const report = (key: string, value: string, message: string) =>
      faults.push({ origin: `${file}:${line}`, key, value: JSON.stringify(value), message });
    const values: Record<string, unknown> = {};
    for (const [index, column] of header.columns) {
      const text = record[index] ?? '';
      try {
        const value = parseCell(text, column);
        if (value !== undefined) values[column.propertyName] = value;
      } catch (error) {
        if (!(error instanceof CellFault)) throw error;
        report(column.databaseName, text, error.message);
      }
    }
    const references = new Map<RelationMetadata, string | null>();
    const links = new Map<string, string[]>();
    for (const [index, relation] of header.relations) {
      const text = record[index] ?? '';
      const targets = known.get(relation.inverseEntityMetadata.tablePath) ?? new Set<string>();
      const named = relation.isManyToMany ? text.split(';').filter(Boolean) : text === '' ? [] : [text];
      if (named.length === 0 && !relation.isManyToMany && !relation.isNullable)
        report(snakeCase(relation.propertyName), text, 'must not be empty');
      for (const name of named)
        if (!targets.has(name))
          report(snakeCase(relation.propertyName), name, unknownRow(relation, name, targets));
      if (relation.isManyToMany) links.set(relation.propertyName, named);
      else references.set(relation, named[0] ?? null);
    }
    const key = step.key.map((part) => keyPart(part, values, references)).join('/');
    if (keys.has(key)) report(step.key.join(', '), key, 'stands in the data twice');
    keys.add(key);
    yield { origin: `${file}:${line}`, key, values, references, links };
  }
}

function parseFile(file: string, folder: string, faults: Fault[]): { record: string[]; line: number }[] {
  try {
    const options = { bom: true, info: true, relax_column_count: false, skip_empty_lines: true } as const;
    const parsed = parse(readFileSync(join(folder, file)), options) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    return parsed.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    faults.push({ origin: file, key: 'file', value: join(folder, file), message: (error as Error).message });
    return [];
  }
}

function keyPart(
  part: string,
  values: Readonly<Record<string, unknown>>,
  references: ReadonlyMap<RelationMetadata, string | null>,
): string {
  const reference = [...references].find(([relation]) => relation.propertyName === part);
  return reference ? String(reference[1]) : keyText(values[part]);
}

function unknownRow(relation: RelationMetadata, name: string, targets: ReadonlySet<string>): string {
  const hint = targets.size > 0 ? `; the nearest is ${closest(name, [...targets])}` : '';
  return `no ${relation.inverseEntityMetadata.name} has this name${hint}`;
}
