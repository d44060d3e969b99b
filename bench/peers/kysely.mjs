import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { readAll } from '../../dist/bench/reading/tasks.js';
import { give, keysOf, link } from './model.mjs';

const contender = (work) => ({
  less: 'plain rows',
  only: 'postgresql',
  async connect(database) {
    pg.types.setTypeParser(pg.types.builtins.INT8, Number);
    const pool = new pg.Pool({ connectionString: database, max: 10 });
    const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
    return { run: (given) => work(db, given), close: () => db.destroy() };
  },
});

const all = (db, table, column, keys) => db.selectFrom(table).selectAll().where(column, 'in', keys).execute();

const byKey = (readers) =>
  contender((db, keys) =>
    readAll(keys, readers, (id) =>
      db.selectFrom('raw_data_file').selectAll().where('id', '=', id).executeTakeFirst(),
    ),
  );

export const tasks = {
  'package-graph': contender(async (db, id) => {
    const packages = await all(db, 'raw_data_package', 'id', [id]);
    const files = await all(db, 'raw_data_file', 'raw_data_package_id', [id]);
    const copies = await all(db, 'physical_copy', 'raw_data_file_id', keysOf(files, 'id'));
    give(packages, files, 'raw_data_files', 'raw_data_package_id');
    give(files, copies, 'physical_copies', 'raw_data_file_id');
    return packages;
  }),
  'pending-list': contender(async (db, sourceLocationId) => {
    const packages = await db
      .selectFrom('raw_data_package')
      .selectAll()
      .where('status', '=', 'pending')
      .where('source_location_id', '=', sourceLocationId)
      .orderBy('priority', 'desc')
      .orderBy('created_at')
      .execute();
    const executions = keysOf(packages, 'executed_obs_unit_id');
    link(
      packages,
      await all(db, 'executed_obs_unit', 'id', executions),
      'executed_obs_unit',
      'executed_obs_unit_id',
    );
    const locations = keysOf(packages, 'source_location_id');
    link(packages, await all(db, 'data_location', 'id', locations), 'source_location', 'source_location_id');
    return packages;
  }),
  'by-key': byKey(1),
  'by-key-at-once': byKey(32),
};
