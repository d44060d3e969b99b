import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
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
import { readAll } from '../../dist/bench/reading/tasks.js';
import { give, keysOf, link, readModel } from './model.mjs';

const TYPES = {
  instant: (name) => timestamp(name, { withTimezone: true, precision: 3 }),
  bigint: (name) => bigint(name, { mode: 'number' }),
  'double precision': doublePrecision,
  enum: text,
  ...{ boolean, date, integer, jsonb, text, uuid },
};

const contender = (work) => ({
  less: 'plain rows',
  only: 'postgresql',
  async connect(database) {
    const model = await readModel(database);
    const tables = Object.fromEntries(
      Object.entries(model).map(([table, described]) => [
        table,
        pgTable(
          table,
          Object.fromEntries(described.map(({ property, name, type }) => [property, TYPES[type](name)])),
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
};
