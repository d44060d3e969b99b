import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { DataSource } from 'typeorm';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { snakeCase } from '../database/naming.js';
import { packageRoot } from '../package-root.js';
import { ArchiveMode, activeIn } from './archive-mode.js';
import { CSV_OPTIONS, type CsvRecord } from './csv.js';
import { FaultList } from './fault-list.js';
import { nearest } from './nearest.js';
import { seedPlan } from './plan.js';
import { Found, RowReader, type SeedRow, type Target } from './row-reader.js';

/** A data file, read and checked. */
export interface SeedTable extends Target {
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
 * import { seedDataFolder } from 'ccat-ops-db';
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
 * @throws FaultsError `seed_data_invalid` with every fault of every file
 *
 * @example
 * import { readSeedData, Site } from 'ccat-ops-db';
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
  const faults = new FaultList();
  const found = new Found();
  const tables = seedPlan.map((step) => {
    const target = { step, metadata: dataSource.getMetadata(step.entity) };
    return { ...target, rows: [...readRows(folder, target, found, faults, dataArchiveMode)] };
  });
  for (const { rows } of tables) for (const row of rows) checkReferences(row, found, faults);
  faults.assertNone('seed_data_invalid', `The folder ${folder}`);
  return tables;
}

function* readRows(
  folder: string,
  target: Target,
  found: Found,
  faults: FaultList,
  mode: ArchiveMode,
): Generator<SeedRow> {
  const file = `${snakeCase(target.metadata.name).replaceAll('_', '-')}.csv`;
  const [header, ...records] = parseFile(file, folder, faults);
  if (!header) found.leaveGap(target.metadata);
  const reader = new RowReader(file, target, header?.record ?? [], found, faults, {
    converters: [activeIn(mode)],
  });
  for (const record of records) {
    const row = reader.read(record);
    if (row) yield row;
  }
}

function parseFile(file: string, folder: string, faults: FaultList): CsvRecord[] {
  try {
    return parse(readFileSync(join(folder, file)), CSV_OPTIONS) as unknown as CsvRecord[];
  } catch (error) {
    faults.report({
      origin: file,
      key: 'file',
      value: join(folder, file),
      message: (error as Error).message,
    });
    return [];
  }
}

/** The folder is whole: what rows refer to stands in it. */
function checkReferences({ origin, references, links }: SeedRow, found: Found, faults: FaultList): void {
  const named = [...[...references].map(([relation, key]) => [relation, [key]] as const), ...links];
  for (const [relation, keys] of named)
    for (const key of keys)
      if (key !== null && !found.mayHave(relation.inverseEntityMetadata, key))
        faults.report({
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
