import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource, EntityMetadata } from 'typeorm';
import { ownTables } from '../../database/own-tables.js';
import { initCcatOpsDb } from '../../datasource.js';
import { readSeedData, writeSeedData } from '../../seed/index.js';
import { loadSettings } from '../../settings/index.js';
import { simulate } from '../simulate/index.js';

/** A row as an example. */
export interface ExampleRow {
  /** Where it comes from. */
  readonly origin: 'the starting state' | 'a simulated night';
  /** The class that it was read with; the table where it only links two others. */
  readonly entity: string;
  readonly row: object;
}

/** A night in which the starting state has a pre-scheduled slot. */
const NIGHT = { firstNight: '2026-11-30', nights: 1, rate: 1, seed: 'example' };

/**
 * A row of each table that has one in the starting state or after a short simulated night, by the name of the table. They
 * are made in a database of their own, which is deleted again.
 */
export async function exampleRows(): Promise<ReadonlyMap<string, ExampleRow>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-examples-'));
  const defaults = loadSettings({ cwd: path.parse(folder).root, env: {}, warn: () => {} });
  const sqlite = { ...defaults.sqlite, database: path.join(folder, 'examples.sqlite') };
  const options = { settings: { ...defaults, databaseType: 'sqlite' as const, sqlite } };
  const { dataSource } = await initCcatOpsDb(options);
  try {
    await writeSeedData(dataSource.manager, readSeedData(dataSource));
    const rows = new Map<string, ExampleRow>();
    await readInto(rows, dataSource, 'the starting state');
    await simulate(options, NIGHT);
    await readInto(rows, dataSource, 'a simulated night');
    return rows;
  } finally {
    await dataSource.destroy();
    rmSync(folder, { recursive: true });
  }
}

async function readInto(
  rows: Map<string, ExampleRow>,
  dataSource: DataSource,
  origin: ExampleRow['origin'],
): Promise<void> {
  for (const table of ownTables(dataSource)) {
    const classes = table.childEntityMetadatas.length > 0 ? table.childEntityMetadatas : [table];
    for (const metadata of classes) {
      if (rows.has(table.tableName)) break;
      const row = await firstRow(dataSource, metadata);
      if (row) rows.set(table.tableName, { origin, entity: metadata.name, row });
    }
  }
}

async function firstRow(dataSource: DataSource, metadata: EntityMetadata): Promise<object | undefined> {
  if (metadata.tableType !== 'junction')
    return (await dataSource.manager.find(metadata.target, { take: 1 }))[0];
  const [row] = await dataSource.query(`SELECT * FROM "${metadata.tableName}" LIMIT 1`);
  return row;
}
