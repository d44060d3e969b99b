import type { DataSource } from 'typeorm';
import { ExecutedObsUnit, RawDataFile, RawDataPackage } from '../../src/entities/index.js';
import { readByKey, readMany, streamMany } from '../../src/services/reading/index.js';
import { onDataSource } from '../support/database.js';
import type { Task } from '../support/task.js';
import { FILES, fillForReading, GRAPH_NIGHT, PENDING, PENDING_NIGHT } from './fill.js';
import { byHand, gather, link } from './raw.js';

/** A result with a number of rows. */
interface Rows {
  readonly length: number;
}

function assertCount(what: string, rows: unknown, expected: number): void {
  const { length } = rows as Rows;
  if (length !== expected) throw new Error(`${length} ${what} instead of ${expected}`);
}

/** The names of the relation from a package to its files, and from a file to its copies, in rows of any contender. */
const FILES_OF = ['rawDataFiles', 'raw_data_files', 'raw_data_file'];
const COPIES_OF = ['physicalCopies', 'physical_copies', 'physical_copy'];

function related(row: unknown, names: readonly string[]): unknown[] {
  const name = names.find((one) => one in Object(row));
  return [...((row as Record<string, Iterable<unknown>>)[name as string] ?? [])];
}

/** A package with its files and their copies. */
export const packageGraph: Task<string> = {
  title: `a package with ${FILES} files and their copies`,
  fill: fillForReading,
  async given({ manager }) {
    const [{ id }] = (await manager.find(RawDataPackage, {
      where: { executedObsUnit: { observingNight: GRAPH_NIGHT } },
    })) as [RawDataPackage];
    return id;
  },
  async check(_, __, result) {
    const files = related((result as unknown[])[0], FILES_OF);
    assertCount('files', files, FILES);
    for (const file of files) assertCount('copies', related(file, COPIES_OF), 1);
  },
  warmUps: 10,
  repeats: 20,
  contenders: {
    raw: byHand(async (driver, id) => {
      const packages = await driver.rows('SELECT * FROM raw_data_package WHERE id = ?', [id]);
      const files = await gather(driver, packages, 'raw_data_file', 'raw_data_package_id');
      await gather(driver, files, 'physical_copy', 'raw_data_file_id');
      return packages;
    }),
    'ccat-ops-db': onDataSource(({ manager }, id) =>
      readMany(manager, RawDataPackage, {
        where: { id },
        relations: { rawDataFiles: { physicalCopies: true } },
      }),
    ),
    typeorm: onDataSource(({ manager }, id) =>
      manager.find(RawDataPackage, {
        where: { id },
        relations: { rawDataFiles: { physicalCopies: true } },
      }),
    ),
  },
};

const PENDING_OPTIONS = {
  relations: { executedObsUnit: true, sourceLocation: true },
  order: { priority: 'DESC', createdAt: 'ASC' },
} as const;

/** The packages that wait at a location, each with its execution and the location. */
export const pendingList: Task<number> = {
  title: `${PENDING} pending packages with two parents each`,
  fill: fillForReading,
  async given({ manager }) {
    const { sourceLocationId } = await manager.findOneOrFail(RawDataPackage, {
      where: { executedObsUnit: { observingNight: PENDING_NIGHT } },
    });
    return sourceLocationId;
  },
  async check(_, __, result) {
    assertCount('packages', result, PENDING);
    const parents = [
      'executedObsUnit',
      'executed_obs_unit',
      'sourceLocation',
      'source_location',
      'data_location',
    ];
    for (const row of result as object[])
      if (parents.filter((name) => (row as Record<string, { id?: unknown }>)[name]?.id).length !== 2)
        throw new Error('a package without its parents');
  },
  warmUps: 3,
  repeats: 5,
  contenders: {
    raw: byHand(async (driver, sourceLocationId) => {
      const packages = await driver.rows(
        `SELECT * FROM raw_data_package WHERE status = 'pending' AND source_location_id = ? ORDER BY priority DESC, created_at`,
        [sourceLocationId],
      );
      await link(driver, packages, 'executed_obs_unit_id', 'executed_obs_unit');
      await link(driver, packages, 'source_location_id', 'data_location');
      return packages;
    }),
    'ccat-ops-db': onDataSource(({ manager }, sourceLocationId) =>
      readMany(manager, RawDataPackage, {
        where: { status: 'pending', sourceLocationId },
        ...PENDING_OPTIONS,
      }),
    ),
    typeorm: onDataSource(({ manager }, sourceLocationId) =>
      manager.find(RawDataPackage, { where: { status: 'pending', sourceLocationId }, ...PENDING_OPTIONS }),
    ),
  },
};

const READS = 2000;

/** Keys of files all over the table. */
async function someKeys({ manager }: DataSource): Promise<string[]> {
  const { id: executedObsUnitId } = await manager.findOneOrFail(ExecutedObsUnit, {
    where: { observingNight: GRAPH_NIGHT },
  });
  const files = await manager
    .createQueryBuilder(RawDataFile, 'file')
    .select('file.id', 'id')
    .where('file.executedObsUnitId <> :executedObsUnitId', { executedObsUnitId })
    .orderBy('file.id')
    .getRawMany<{ id: string }>();
  const step = Math.floor(files.length / READS);
  return Array.from({ length: READS }, (_, index) => files[index * step]?.id as string);
}

/** Reads the rows of all keys with so many concurrent readers. @returns the rows */
export async function readAll<Key, T>(
  keys: readonly Key[],
  readers: number,
  read: (key: Key) => Promise<T>,
): Promise<T[]> {
  const rows: T[] = [];
  const waiting = keys.values();
  const reader = async () => {
    for (const key of waiting) rows.push(await read(key));
  };
  await Promise.all(Array.from({ length: readers }, reader));
  return rows;
}

const BY_KEY = 'SELECT * FROM raw_data_file WHERE id = ?';

function readsByKey(title: string, readers: number): Task<string[]> {
  return {
    title,
    fill: fillForReading,
    given: someKeys,
    async check(_, keys, result) {
      const ids = new Set((result as { id: string }[]).map(({ id }) => id));
      if (!keys.every((key) => ids.has(key))) throw new Error('not every row was read');
    },
    warmUps: 5,
    repeats: 5,
    contenders: {
      raw: byHand((driver, keys) =>
        readAll(keys, readers, async (key) => (await driver.rows(BY_KEY, [key]))[0]),
      ),
      'ccat-ops-db': onDataSource(({ manager }, keys) =>
        readAll(keys, readers, (key) => readByKey(manager, RawDataFile, key)),
      ),
      typeorm: onDataSource(({ manager }, keys) =>
        readAll(keys, readers, (id) => manager.findOneBy(RawDataFile, { id })),
      ),
    },
  };
}

export const byKey = readsByKey(`${READS} files by key, one after the other`, 1);
export const byKeyAtOnce = readsByKey(`${READS} files by key, 32 readers at once`, 32);

const STREAMED = 100_000;

/** Counts rows up to a number, one in memory at a time. */
export async function countUpTo(rows: AsyncIterable<unknown>, most: number): Promise<Rows> {
  let length = 0;
  for await (const _ of rows) if (++length === most) break;
  return { length };
}

/** Many files one after the other. */
export const stream: Task<number> = {
  title: `${STREAMED} files one after the other`,
  fill: fillForReading,
  given: async () => STREAMED,
  async check(_, most, result) {
    assertCount('files', result, most);
  },
  warmUps: 1,
  repeats: 2,
  contenders: {
    raw: byHand((driver, most) => countUpTo(driver.stream('SELECT * FROM raw_data_file ORDER BY id'), most)),
    'ccat-ops-db': onDataSource(({ manager }, most) => countUpTo(streamMany(manager, RawDataFile), most)),
    typeorm: onDataSource(async ({ manager }, most) => ({
      length: (await manager.find(RawDataFile, { order: { id: 'ASC' }, take: most })).length,
    })),
  },
};
