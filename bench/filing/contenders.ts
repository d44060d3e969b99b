import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from 'better-sqlite3';
import type { ClientBase } from 'pg';
import { from } from 'pg-copy-streams';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { RawDataFile, RawDataFilePhysicalCopy } from '../../src/entities/index.js';
import { fileRawDataFiles, type NewRawDataFile } from '../../src/services/filing/index.js';
import { onDataSource } from '../support/database.js';
import { batchesOf, NOT_IDEMPOTENT, TYPE } from './batches.js';

/** A way to write files and their first copies in one transaction. */
type Way = (dataSource: DataSource, files: Iterable<NewRawDataFile>) => Promise<unknown>;

const FILE_COLUMNS =
  'id, executed_obs_unit_id, instrument_module_id, source_location_id, relative_path, file_type, size_bytes, checksum, checksum_algorithm, recorded_at';
const COPY_COLUMNS = 'id, type, raw_data_file_id, data_location_id';

/** The values of a file in the order of {@link FILE_COLUMNS}. */
function valuesOf(file: NewRawDataFile, recordedAt: string): (string | number)[] {
  const { id, executedObsUnitId, instrumentModuleId, sourceLocationId, relativePath, sizeBytes, checksum } =
    file;
  return [
    id,
    executedObsUnitId as string,
    instrumentModuleId as number,
    sourceLocationId,
    relativePath,
    'g3',
    sizeBytes,
    checksum as string,
    'sha256',
    recordedAt,
  ];
}

/** The fastest known way by hand: COPY on PostgreSQL, one prepared statement on SQLite. */
const raw: Way = async (dataSource, files) => {
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  if (dataSource.options.type === 'postgres') await copyByHand(await runner.connect(), files);
  else insertByHand(await runner.connect(), files);
  await runner.commitTransaction();
  await runner.release();
};

async function copyByHand(client: ClientBase, files: Iterable<NewRawDataFile>): Promise<void> {
  const all = [...files];
  const send = async (table: string, columns: string, line: (file: NewRawDataFile) => string) => {
    function* blocks() {
      for (let start = 0; start < all.length; start += 500)
        yield `${all
          .slice(start, start + 500)
          .map(line)
          .join('\n')}\n`;
    }
    const stream = client.query(from(`COPY ${table} (${columns}) FROM STDIN`));
    await pipeline(Readable.from(blocks(), { objectMode: false }), stream);
  };
  await send('raw_data_file', FILE_COLUMNS, (file) =>
    valuesOf(file, (file.recordedAt as Date).toISOString()).join('\t'),
  );
  await send(
    'physical_copy',
    COPY_COLUMNS,
    (file) => `${uuidv7()}\t${TYPE}\t${file.id}\t${file.sourceLocationId}`,
  );
}

function insertByHand(connection: Database, files: Iterable<NewRawDataFile>): void {
  const marks = (columns: string) =>
    columns
      .split(', ')
      .map(() => '?')
      .join(', ');
  const file = connection.prepare(
    `INSERT INTO raw_data_file (${FILE_COLUMNS}) VALUES (${marks(FILE_COLUMNS)})`,
  );
  const copy = connection.prepare(
    `INSERT INTO physical_copy (${COPY_COLUMNS}) VALUES (${marks(COPY_COLUMNS)})`,
  );
  for (const one of files) {
    file.run(valuesOf(one, (one.recordedAt as Date).toISOString().replace('T', ' ').replace('Z', '')));
    copy.run(uuidv7(), TYPE, one.id, one.sourceLocationId);
  }
}

/** This package's public call: idempotent, checked by the entities. */
const ccatOpsDb: Way = (dataSource, files) => fileRawDataFiles(dataSource.manager, files);

/** The fastest way of TypeORM: insert in chunks. */
const typeorm: Way = (dataSource, files) =>
  dataSource.transaction(async (manager) => {
    for (const batch of batchesOf(files, 500)) {
      await manager.insert(RawDataFile, batch.files as object[]);
      await manager.insert(RawDataFilePhysicalCopy, batch.copies);
    }
  });

export const contenders = {
  raw: onDataSource(raw, NOT_IDEMPOTENT),
  'ccat-ops-db': onDataSource(ccatOpsDb),
  typeorm: onDataSource(typeorm, NOT_IDEMPOTENT),
};
