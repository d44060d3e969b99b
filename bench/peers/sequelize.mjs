import pg from 'pg';
import { DataTypes, Op, Sequelize } from 'sequelize';
import { inTransactions, SILENT } from '../../dist/bench/claiming/steps.js';
import { WAYS } from '../../dist/bench/claiming/ways.js';
import { batchesOf, NOT_IDEMPOTENT } from '../../dist/bench/filing/batches.js';
import { readAll } from '../../dist/bench/reading/tasks.js';
import { readModel } from './shared/model.mjs';
import { each } from './shared/rows.mjs';

const TYPES = {
  instant: DataTypes.DATE(3),
  bigint: DataTypes.BIGINT,
  'double precision': DataTypes.DOUBLE,
  enum: DataTypes.TEXT,
  text: DataTypes.TEXT,
  uuid: DataTypes.UUID,
  integer: DataTypes.INTEGER,
  boolean: DataTypes.BOOLEAN,
  jsonb: DataTypes.JSONB,
  date: DataTypes.DATEONLY,
};

const ONE_CLASS = 'one class for all kinds of copies and locations';

const contender = (work, less) => ({
  less,
  only: 'postgresql',
  async connect(database) {
    const model = await readModel(database);
    pg.types.setTypeParser(pg.types.builtins.INT8, Number);
    const sequelize = new Sequelize(database, { dialectModule: pg, logging: false, pool: { max: 10 } });
    const models = {};
    for (const [table, { columns }] of Object.entries(model)) {
      const attributes = Object.fromEntries(
        columns.map(({ property, name, type, isPrimary }) => [
          property,
          { type: TYPES[type], field: name, primaryKey: isPrimary },
        ]),
      );
      models[table] = sequelize.define(table, attributes, { tableName: table, timestamps: false });
    }
    for (const [child, { relations }] of Object.entries(model))
      for (const { property, key, parent, inverse } of relations) {
        models[child].belongsTo(models[parent], { as: property, foreignKey: key });
        if (inverse) models[parent].hasMany(models[child], { as: inverse, foreignKey: key });
      }
    return { run: (given) => work(models, given, sequelize), close: () => sequelize.close() };
  },
});

const byKey = (readers) =>
  contender((models, keys) => readAll(keys, readers, (id) => models.raw_data_file.findByPk(id)));

/** Writes rows; without the names it would write null where there is a default. */
const insert = (model, rows, transaction) =>
  model.bulkCreate(rows, { fields: Object.keys(rows[0]), transaction });

const handsOf = ({ data_transfer_package: work, status_history: history }, sequelize) =>
  inTransactions({
    transaction: (steps) => sequelize.transaction(steps),
    async lock(transaction, now, limit) {
      const rows = await work.findAll({
        where: { status: 'pending', nextRetryAt: { [Op.or]: [null, { [Op.lte]: now }] } },
        order: [['priority', 'DESC'], 'createdAt', 'id'],
        lock: true,
        skipLocked: true,
        limit,
        transaction,
      });
      return rows.map(({ id }) => id);
    },
    async update(transaction, ids, having, set) {
      const [moved] = await work.update(set, { where: { id: ids, ...having }, transaction });
      return moved;
    },
    note: (transaction, rows) => insert(history, rows, transaction),
  });

export const tasks = {
  'package-graph': contender(
    (models, id) =>
      models.raw_data_package.findAll({
        where: { id },
        include: [
          {
            association: 'rawDataFiles',
            separate: true,
            include: [{ association: 'physicalCopies', separate: true }],
          },
        ],
      }),
    ONE_CLASS,
  ),
  'pending-list': contender(
    (models, sourceLocationId) =>
      models.raw_data_package.findAll({
        where: { status: 'pending', sourceLocationId },
        include: ['executedObsUnit', 'sourceLocation'],
        order: [
          ['priority', 'DESC'],
          ['createdAt', 'ASC'],
        ],
      }),
    ONE_CLASS,
  ),
  'by-key': byKey(1),
  'by-key-at-once': byKey(32),
  filing: contender(
    (models, given, sequelize) =>
      sequelize.transaction(async (transaction) => {
        for (const { files, copies } of batchesOf(given, 1000)) {
          await insert(models.raw_data_file, files, transaction);
          await insert(models.physical_copy, copies, transaction);
        }
      }),
    NOT_IDEMPOTENT,
  ),
  ...each(WAYS, (way) => contender((models, _, sequelize) => way(handsOf(models, sequelize)), SILENT)),
};
