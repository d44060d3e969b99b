/**
 * `npm run bench:reconcile [-- --files 10000000]`: how long `opsdb reconcile` takes, and how much memory it needs, with a listing of so many
 * files against as many copies, on a PostgreSQL server of its own.
 */
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { DataLocation } from '../../src/entities/index.js';
import { packageRoot } from '../../src/package-root.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { run } from '../operators/run.js';
import { openDatabase } from '../support/database.js';
import { environmentOf } from '../support/environment.js';
import { faultsAsExitCode } from '../support/faults-as-exit-code.js';
import { positive } from '../support/options.js';
import { startServer } from '../support/server.js';

const LIMIT_S = 60;
const LIMIT_MB = 200;
/** A program is ended after this multiple of its limit. */
const PATIENCE = 20;
const LINES_AT_ONCE = 10_000;
/** Files that the storage does not list, and files that only it lists. */
const DIFFERENT = 10;

const program = new Command('bench:reconcile')
  .description('times opsdb reconcile')
  .option('--files <number>', 'files of the listing', positive, 10_000_000);

async function main({ files }: { readonly files: number }): Promise<string[]> {
  const server = await startServer();
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-bench-'));
  try {
    const url = await server.create('reconcile');
    const dataSource = await openDatabase(url);
    await fill(dataSource, files);
    await dataSource.destroy();
    const listing = path.join(folder, 'listing.txt');
    await list(listing, files);
    const opsdb = path.join(packageRoot(), 'bin', 'opsdb.js');
    const args = [opsdb, 'reconcile', 'ccat/chai_raw_data', '--json'];
    const took = await run(args, environmentOf(url), PATIENCE * LIMIT_S, listing);
    console.log(`${files} files: ${took.seconds.toFixed(1)} s, ${took.peakMb} MB`);
    const faults = [];
    if (!took.printed.includes('"same"') && took.code !== 1) faults.push(`it failed: ${took.printed}`);
    if (took.seconds > LIMIT_S) faults.push(`it took more than ${LIMIT_S} s`);
    if (took.peakMb > LIMIT_MB) faults.push(`it took more than ${LIMIT_MB} MB`);
    return faults;
  } finally {
    rmSync(folder, { recursive: true });
    await server.stop();
  }
}

/** Fills without triggers and foreign keys, which would take most of the time. */
async function fill(dataSource: DataSource, files: number): Promise<void> {
  await writeSeedData(dataSource.manager, readSeedData(dataSource));
  const { id } = await dataSource.manager.findOneByOrFail(DataLocation, { name: 'chai_raw_data' });
  await dataSource.transaction(async ({ queryRunner }) => {
    await queryRunner?.query('SET LOCAL session_replication_role = replica');
    await queryRunner?.query(`
      INSERT INTO raw_data_file (id, source_location_id, relative_path, size_bytes, of_no_execution)
      SELECT CAST(lpad(to_hex(n), 32, '0') AS uuid), ${id}, 'raw/' || n / 1000 || '/file_' || n || '.fits', 30000000 + n, true
      FROM generate_series(1, ${files}) AS n`);
    await queryRunner?.query(`
      INSERT INTO physical_copy (id, type, data_location_id, raw_data_file_id)
      SELECT id, 'raw_data_file_physical_copy', ${id}, id FROM raw_data_file`);
  });
  await dataSource.query('VACUUM ANALYZE physical_copy');
  await dataSource.query('VACUUM ANALYZE raw_data_file');
}

async function list(file: string, files: number): Promise<void> {
  const stream = createWriteStream(file);
  for (let first = 1 + DIFFERENT; first <= files + DIFFERENT; first += LINES_AT_ONCE) {
    const count = Math.min(LINES_AT_ONCE, files + DIFFERENT + 1 - first);
    const lines = Array.from({ length: count }, (_, index) => {
      const n = first + index;
      return `raw/${Math.floor(n / 1000)}/file_${n}.fits\t${30_000_000 + n}\n`;
    });
    if (!stream.write(lines.join(''))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

faultsAsExitCode<{ readonly files: number }>(program, main);
