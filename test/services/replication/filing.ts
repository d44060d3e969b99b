import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { withDbSession } from '../../../src/datasource.js';
import { fileRawDataFiles, type NewRawDataFile } from '../../../src/services/filing/index.js';
import type { OneOfEach } from '../../support/one-of-each.js';
import type { Cluster } from './cluster.js';

/** A file that was not filed yet. */
export function newFile({ ExecutedObsUnit, InstrumentModule, DiskDataLocation }: OneOfEach): NewRawDataFile {
  const id = uuidv7();
  return {
    id,
    executedObsUnitId: ExecutedObsUnit?.id,
    instrumentModuleId: InstrumentModule?.id,
    sourceLocationId: DiskDataLocation?.id,
    relativePath: `raw/${id}`,
    sizeBytes: 1,
  };
}

/** What became of files that were filed while the primary was lost. */
export interface Tally {
  /** Files that the writers had. */
  readonly filed: number;
  /** Those for which a call came back. */
  readonly acknowledged: number;
  /** Those that are in the database afterwards. */
  readonly found: number;
  /** Their first copies; more than files if a filing was done twice. */
  readonly copies: number;
  /** Those that were acknowledged and are not found. */
  readonly lost: number;
  /** Those whose transaction had begun when the primary was lost, and was done again. */
  readonly repeated: number;
}

/**
 * Files many files, all at once and each in a transaction of its own; when a part is acknowledged the primary, server
 * 0, crashes, and its replica, server 1, is promoted.
 *
 * @param dataSource a write handle that knows both servers
 */
export async function fileThroughFailover(
  cluster: Cluster,
  dataSource: DataSource,
  files: readonly NewRawDataFile[],
): Promise<Tally> {
  const acknowledged = new Set<string>();
  let repeated = 0;
  const fileOne = async (file: NewRawDataFile) => {
    let attempts = 0;
    await withDbSession(
      (manager) => {
        attempts++;
        return fileRawDataFiles(manager, [file]);
      },
      { dataSource, retry: { idempotent: true, attempts: 1000, maxDelayMs: 500 } },
    );
    acknowledged.add(file.id);
    if (attempts > 1) repeated++;
  };
  const failover = async () => {
    while (acknowledged.size < files.length * 0.3) await sleep(1);
    await cluster.order(0, 'SIGQUIT');
    await cluster.sql(1, 'SELECT pg_promote()');
  };
  await Promise.all([failover(), ...files.map(fileOne)]);
  const ids = files.map(({ id }) => `'${id}'`).join();
  const [of] = await cluster.sql<{ found: string[]; copies: number }>(
    1,
    `SELECT array(SELECT id::text FROM raw_data_file WHERE id IN (${ids})) AS found,
       (SELECT count(*)::int FROM physical_copy WHERE raw_data_file_id IN (${ids})) AS copies`,
  );
  const found = new Set(of?.found);
  return {
    filed: files.length,
    acknowledged: acknowledged.size,
    found: found.size,
    copies: of?.copies ?? 0,
    lost: [...acknowledged].filter((id) => !found.has(id)).length,
    repeated,
  };
}
