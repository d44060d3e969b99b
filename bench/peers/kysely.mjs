import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { historyOf, SILENT, STEPS } from '../../dist/bench/claiming/steps.js';
import { WAYS } from '../../dist/bench/claiming/ways.js';
import { batchesOf, NOT_IDEMPOTENT } from '../../dist/bench/filing/batches.js';
import { readAll } from '../../dist/bench/reading/tasks.js';
import { readModel } from './shared/model.mjs';
import { each, give, keysOf, link, renamed } from './shared/rows.mjs';

const contender = (work, less = 'plain rows') => ({
  less,
  only: 'postgresql',
  async connect(database) {
    const model = await readModel(database);
    pg.types.setTypeParser(pg.types.builtins.INT8, Number);
    const pool = new pg.Pool({ connectionString: database, max: 10 });
    const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
    return { run: (given) => work(db, given, model), close: () => db.destroy() };
  },
});

const all = (db, table, column, keys) => db.selectFrom(table).selectAll().where(column, 'in', keys).execute();

const byKey = (readers) =>
  contender((db, keys) =>
    readAll(keys, readers, (id) =>
      db.selectFrom('raw_data_file').selectAll().where('id', '=', id).executeTakeFirst(),
    ),
  );

/** Takes each step in one statement with its history. */
function handsOf(db, model) {
  const table = 'data_transfer_package';
  const take = async (name, worker, withRows) => {
    const now = new Date();
    const history = renamed(model.status_history, historyOf(STEPS[name], now, worker));
    const rows = await withRows(now)
      .with('moved', (query) =>
        query
          .updateTable(table)
          .from('picked')
          .set(renamed(model[table], STEPS[name].set(now, worker)))
          .whereRef(`${table}.id`, '=', 'picked.id')
          .returningAll(table),
      )
      .with('noted', (query) =>
        query
          .insertInto('status_history')
          .columns(['row_id', ...Object.keys(history)])
          .expression((from) =>
            from
              .selectFrom('moved')
              .select([
                'id',
                ...Object.entries(history).map(([column, value]) => from.val(value).as(column)),
              ]),
          ),
      )
      .selectFrom('moved')
      .selectAll()
      .execute();
    return rows.map(({ id }) => id);
  };
  const move = (name) => (worker, id) =>
    take(name, worker, () =>
      db.with('picked', (query) =>
        query
          .selectFrom(table)
          .select('id')
          .where('id', '=', id)
          .where('status', '=', STEPS[name].from)
          .where('claimed_by', '=', worker)
          .forUpdate(),
      ),
    );
  return {
    claim: (worker, limit) =>
      take('claim', worker, (now) =>
        db.with('picked', (query) =>
          query
            .selectFrom(table)
            .select('id')
            .where('status', '=', STEPS.claim.from)
            .where((is) => is.or([is('next_retry_at', 'is', null), is('next_retry_at', '<=', now)]))
            .orderBy('priority', 'desc')
            .orderBy('created_at')
            .orderBy('id')
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        ),
      ),
    begin: move('begin'),
    finish: move('finish'),
  };
}

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
  filing: contender(
    (db, given, model) =>
      db.transaction().execute(async (nested) => {
        const insert = (table, rows) =>
          nested
            .insertInto(table)
            .values(rows.map((row) => renamed(model[table], row)))
            .execute();
        for (const { files, copies } of batchesOf(given, 1000)) {
          await insert('raw_data_file', files);
          await insert('physical_copy', copies);
        }
      }),
    NOT_IDEMPOTENT,
  ),
  ...each(WAYS, (way) => contender((db, _, model) => way(handsOf(db, model)), `plain rows; ${SILENT}`)),
};
