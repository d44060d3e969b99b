import { and, asc, desc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import {
  bigint,
  boolean,
  date,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import pg from 'pg';
import { inTransactions, SILENT } from '../../dist/bench/claiming/steps.js';
import { WAYS } from '../../dist/bench/claiming/ways.js';
import { batchesOf, NOT_IDEMPOTENT } from '../../dist/bench/filing/batches.js';
import { readAll } from '../../dist/bench/reading/tasks.js';
import { readModel } from './shared/model.mjs';
import { each, give, keysOf, link } from './shared/rows.mjs';

const TYPES = {
  instant: (name) => timestamp(name, { withTimezone: true, precision: 3 }),
  bigint: (name) => bigint(name, { mode: 'number' }),
  'double precision': doublePrecision,
  enum: text,
  boolean,
  date,
  integer,
  jsonb,
  text,
  uuid,
};

const contender = (work, less = 'plain rows') => ({
  less,
  only: 'postgresql',
  async connect(database) {
    const model = await readModel(database);
    const tables = Object.fromEntries(
      Object.entries(model).map(([table, { columns }]) => [
        table,
        pgTable(
          table,
          Object.fromEntries(columns.map(({ property, name, type }) => [property, TYPES[type](name)])),
        ),
      ]),
    );
    const pool = new pg.Pool({ connectionString: database, max: 10 });
    const db = drizzle(pool);
    return { run: (given) => work(db, tables, given), close: () => pool.end() };
  },
});

const all = (db, table, column, keys) => db.select().from(table).where(inArray(table[column], keys));

const byKey = (readers) =>
  contender((db, { raw_data_file: file }, keys) => {
    const query = db
      .select()
      .from(file)
      .where(eq(file.id, sql.placeholder('id')))
      .prepare('by_key');
    return readAll(keys, readers, async (id) => (await query.execute({ id }))[0]);
  });

const handsOf = (db, { data_transfer_package: work, status_history: history }) =>
  inTransactions({
    transaction: (steps) => db.transaction(steps),
    async lock(nested, now, limit) {
      const rows = await nested
        .select()
        .from(work)
        .where(and(eq(work.status, 'pending'), or(isNull(work.nextRetryAt), lte(work.nextRetryAt, now))))
        .orderBy(desc(work.priority), asc(work.createdAt), asc(work.id))
        .limit(limit)
        .for('update', { skipLocked: true });
      return rows.map(({ id }) => id);
    },
    async update(nested, ids, having, set) {
      const own = Object.entries(having).map(([property, value]) => eq(work[property], value));
      return (
        await nested
          .update(work)
          .set(set)
          .where(and(inArray(work.id, ids), ...own))
      ).rowCount;
    },
    note: (nested, rows) => nested.insert(history).values(rows),
  });

export const tasks = {
  'package-graph': contender(async (db, tables, id) => {
    const packages = await all(db, tables.raw_data_package, 'id', [id]);
    const files = await all(db, tables.raw_data_file, 'rawDataPackageId', [id]);
    const copies = await all(db, tables.physical_copy, 'rawDataFileId', keysOf(files, 'id'));
    give(packages, files, 'rawDataFiles', 'rawDataPackageId');
    give(files, copies, 'physicalCopies', 'rawDataFileId');
    return packages;
  }),
  'pending-list': contender(async (db, tables, sourceLocationId) => {
    const table = tables.raw_data_package;
    const packages = await db
      .select()
      .from(table)
      .where(and(eq(table.status, 'pending'), eq(table.sourceLocationId, sourceLocationId)))
      .orderBy(desc(table.priority), asc(table.createdAt));
    const executions = keysOf(packages, 'executedObsUnitId');
    link(
      packages,
      await all(db, tables.executed_obs_unit, 'id', executions),
      'executedObsUnit',
      'executedObsUnitId',
    );
    const locations = keysOf(packages, 'sourceLocationId');
    link(
      packages,
      await all(db, tables.data_location, 'id', locations),
      'sourceLocation',
      'sourceLocationId',
    );
    return packages;
  }),
  'by-key': byKey(1),
  'by-key-at-once': byKey(32),
  filing: contender(
    (db, tables, given) =>
      db.transaction(async (nested) => {
        for (const { files, copies } of batchesOf(given, 1000)) {
          await nested.insert(tables.raw_data_file).values(files);
          await nested.insert(tables.physical_copy).values(copies);
        }
      }),
    NOT_IDEMPOTENT,
  ),
  ...each(WAYS, (way) => contender((db, tables) => way(handsOf(db, tables)), `plain rows; ${SILENT}`)),
};
