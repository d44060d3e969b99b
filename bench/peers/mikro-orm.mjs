import { BigIntType, EntitySchema, LockMode, MikroORM } from '@mikro-orm/postgresql';
import { inTransactions, SILENT } from '../../dist/bench/claiming/steps.js';
import { WAYS } from '../../dist/bench/claiming/ways.js';
import { batchesOf, NOT_IDEMPOTENT } from '../../dist/bench/filing/batches.js';
import { readAll } from '../../dist/bench/reading/tasks.js';
import { readModel } from './shared/model.mjs';
import { each } from './shared/rows.mjs';

const TYPES = {
  instant: 'datetime',
  enum: 'text',
  'double precision': 'double',
  jsonb: 'json',
  bigint: new BigIntType('number'),
};

const ONE_CLASS = 'one class for all kinds of copies and locations';

const contender = (work, less) => ({
  less,
  only: 'postgresql',
  async connect(database) {
    const orm = await MikroORM.init({
      clientUrl: database,
      entities: entitiesOf(await readModel(database)),
      pool: { max: 10 },
    });
    return { run: (given) => work(orm, given), close: () => orm.close() };
  },
});

function entitiesOf(model) {
  const properties = {};
  for (const [table, { columns, relations }] of Object.entries(model)) {
    const related = new Set(relations.map(({ column }) => column));
    const own = columns
      .filter(({ name }) => !related.has(name))
      .map(({ property, name, type, isPrimary }) => [
        property,
        { type: TYPES[type] ?? type, fieldName: name, primary: isPrimary, nullable: !isPrimary },
      ]);
    properties[table] = Object.fromEntries(own);
  }
  for (const [table, { relations }] of Object.entries(model))
    for (const { property, column, isNullable, parent, inverse } of relations) {
      const toParent = { kind: 'm:1', entity: parent, fieldName: column, nullable: isNullable };
      properties[table][property] = toParent;
      if (inverse) properties[parent][inverse] = { kind: '1:m', entity: table, mappedBy: property };
    }
  return Object.entries(properties).map(
    ([table, its]) => new EntitySchema({ name: table, tableName: table, properties: its }),
  );
}

const byKey = (readers) =>
  contender((orm, keys) => readAll(keys, readers, (id) => orm.em.fork().findOne('raw_data_file', id)));

const handsOf = (orm) =>
  inTransactions({
    transaction: (steps) => orm.em.fork().transactional(steps),
    async lock(em, now, limit) {
      const rows = await em.find(
        'data_transfer_package',
        { status: 'pending', $or: [{ nextRetryAt: null }, { nextRetryAt: { $lte: now } }] },
        {
          orderBy: { priority: 'desc', createdAt: 'asc', id: 'asc' },
          lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE,
          limit,
        },
      );
      return rows.map(({ id }) => id);
    },
    update: (em, ids, having, set) =>
      em.nativeUpdate('data_transfer_package', { id: { $in: ids }, ...having }, set),
    note: (em, rows) => em.insertMany('status_history', rows),
  });

export const tasks = {
  'package-graph': contender(
    (orm, id) =>
      orm.em
        .fork()
        .find(
          'raw_data_package',
          { id },
          { populate: ['rawDataFiles.physicalCopies'], strategy: 'select-in' },
        ),
    ONE_CLASS,
  ),
  'pending-list': contender(
    (orm, sourceLocationId) =>
      orm.em.fork().find(
        'raw_data_package',
        { status: 'pending', sourceLocation: sourceLocationId },
        {
          populate: ['executedObsUnit', 'sourceLocation'],
          strategy: 'select-in',
          orderBy: { priority: 'desc', createdAt: 'asc' },
        },
      ),
    ONE_CLASS,
  ),
  'by-key': byKey(1),
  'by-key-at-once': byKey(32),
  filing: contender(
    (orm, given) =>
      orm.em.fork().transactional(async (em) => {
        for (const { files, copies } of batchesOf(given, 1000)) {
          await em.insertMany('raw_data_file', files);
          await em.insertMany(
            'physical_copy',
            copies.map(({ rawDataFileId: rawDataFile, ...copy }) => ({ rawDataFile, ...copy })),
          );
        }
      }),
    NOT_IDEMPOTENT,
  ),
  ...each(WAYS, (way) => contender((orm) => way(handsOf(orm)), SILENT)),
};
