import pg from 'pg';
import { DataTypes, Sequelize } from 'sequelize';
import { readAll } from '../../dist/bench/reading/tasks.js';
import { readModel } from './model.mjs';

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

const contender = (work) => ({
  only: 'postgresql',
  async connect(database) {
    const model = await readModel(database);
    const sequelize = new Sequelize(database, { dialectModule: pg, logging: false, pool: { max: 10 } });
    const models = {};
    for (const [table, columns] of Object.entries(model)) {
      const attributes = Object.fromEntries(
        columns.map(({ property, name, type, isPrimary }) => [
          property,
          { type: TYPES[type], field: name, primaryKey: isPrimary },
        ]),
      );
      models[table] = sequelize.define(table, attributes, { tableName: table, timestamps: false });
    }
    const { raw_data_package: packages, raw_data_file: files, physical_copy: copies } = models;
    packages.hasMany(files, { as: 'rawDataFiles', foreignKey: 'rawDataPackageId' });
    files.hasMany(copies, { as: 'physicalCopies', foreignKey: 'rawDataFileId' });
    packages.belongsTo(models.executed_obs_unit, { as: 'executedObsUnit', foreignKey: 'executedObsUnitId' });
    packages.belongsTo(models.data_location, { as: 'sourceLocation', foreignKey: 'sourceLocationId' });
    return { run: (given) => work(models, given), close: () => sequelize.close() };
  },
});

const byKey = (readers) =>
  contender((models, keys) => readAll(keys, readers, (id) => models.raw_data_file.findByPk(id)));

export const tasks = {
  'package-graph': contender((models, id) =>
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
  ),
  'pending-list': contender((models, sourceLocationId) =>
    models.raw_data_package.findAll({
      where: { status: 'pending', sourceLocationId },
      include: ['executedObsUnit', 'sourceLocation'],
      order: [
        ['priority', 'DESC'],
        ['createdAt', 'ASC'],
      ],
    }),
  ),
  'by-key': byKey(1),
  'by-key-at-once': byKey(32),
};
