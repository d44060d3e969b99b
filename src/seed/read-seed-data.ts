import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { DataSource } from 'typeorm';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { snakeCase } from '../entities/snake-case.js';
import { nearest } from '../nearest.js';
import { packageRoot } from '../package-root.js';
import { CSV_OPTIONS, type CsvRecord } from '../tabular/csv.js';
import { IssueList } from '../tabular/issue-list.js';
import { Found, type KeyedTable, RowReader, type SeedRow } from '../tabular/row-reader.js';
import { ArchiveMode, activeIn } from './archive-mode.js';
import { seedPlan } from './plan.js';

/** A data file, read and checked. */
export interface SeedTable extends KeyedTable {
  /** The rows of the file, in its order. */
  readonly rows: readonly SeedRow[];
}

/** How data files are read. */
export interface SeedReadOptions {
  /** Which sites, locations and routes are active: those that the files list for this mode. */
  readonly dataArchiveMode?: ArchiveMode;
}

/**
 * The folder of the data files that come with the package.
 *
 * @example
 * import { existsSync } from 'node:fs';
 * import { join } from 'node:path';
 * import { seedDataFolder } from 'ccat-ops-db/seed';
 *
 * console.log(existsSync(join(seedDataFolder(), 'site.csv'))); // true
 */
export function seedDataFolder(): string {
  return join(packageRoot(), 'src', 'seed', 'data');
}

/**
 * Reads and checks all data files; writes nothing.
 * @param dataSource initialised; only its entity metadata is used
 * @param folder where the files are, by default those of the package
 * @throws InvalidInputError `seed_data_invalid` with every issue of every file
 *
 * @example
 * import { Site } from 'ccat-ops-db';
 * import { readSeedData } from 'ccat-ops-db/seed';
 *
 * const tables = readSeedData(session.dataSource);
 * const sites = tables.find(({ step }) => step.entity === Site);
 * console.log(sites?.rows.length); // 3
 */
export function readSeedData(
  dataSource: DataSource,
  folder = seedDataFolder(),
  { dataArchiveMode = ArchiveMode.DEVELOPMENT }: SeedReadOptions = {},
): SeedTable[] {
  const issues = new IssueList();
  const found = new Found();
  const tables = seedPlan.map((step) => {
    const target = { step, metadata: dataSource.getMetadata(step.entity) };
    return { ...target, rows: [...readRows(folder, target, found, issues, dataArchiveMode)] };
  });
  for (const { rows } of tables) for (const row of rows) checkReferences(row, found, issues);
  issues.assertNone('seed_data_invalid', `The folder ${folder}`);
  return tables;
}

function* readRows(
  folder: string,
  target: KeyedTable,
  found: Found,
  issues: IssueList,
  mode: ArchiveMode,
): Generator<SeedRow> {
  const file = `${snakeCase(target.metadata.name).replaceAll('_', '-')}.csv`;
  const [header, ...records] = parseFile(file, folder, issues);
  if (!header) found.leaveGap(target.metadata);
  const reader = new RowReader(file, target, header?.record ?? [], found, issues, {
    converters: [activeIn(mode)],
  });
  for (const record of records) {
    const row = reader.read(record);
    if (row) yield row;
  }
}

function parseFile(file: string, folder: string, issues: IssueList): CsvRecord[] {
  try {
    return parse(readFileSync(join(folder, file)), CSV_OPTIONS) as unknown as CsvRecord[];
  } catch (error) {
    issues.report({
      origin: file,
      key: 'file',
      value: join(folder, file),
      message: (error as Error).message,
    });
    return [];
  }
}

/** The folder is complete: rows refer only to rows in it. */
function checkReferences({ origin, references, links }: SeedRow, found: Found, issues: IssueList): void {
  const named = [...[...references].map(([relation, key]) => [relation, [key]] as const), ...links];
  for (const [relation, keys] of named)
    for (const key of keys)
      if (key !== null && !found.mayHave(relation.inverseEntityMetadata, key))
        issues.report({
          origin,
          key: snakeCase(relation.propertyName),
          value: JSON.stringify(key),
          message: unknownRow(relation, key, found),
        });
}

function unknownRow(
  { inverseEntityMetadata: metadata }: RelationMetadata,
  name: string,
  found: Found,
): string {
  return `no ${metadata.name} has this name${nearest(name, found.keysOf(metadata))}`;
}
