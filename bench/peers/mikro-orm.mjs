import { EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import { readAll } from '../../dist/bench/reading/tasks.js';
import { readModel } from './model.mjs';

const TYPES = { instant: 'datetime', enum: 'text', 'double precision': 'double', jsonb: 'json' };
/** Relations by table: property, kind, the other table, the property of the other side or the column. */
const RELATIONS = {
  raw_data_package: {
    rawDataFiles: { kind: '1:m', entity: 'raw_data_file', mappedBy: 'rawDataPackage' },
    executedObsUnit: { kind: 'm:1', entity: 'executed_obs_unit', fieldName: 'executed_obs_unit_id' },
    sourceLocation: { kind: 'm:1', entity: 'data_location', fieldName: 'source_location_id' },
  },
  raw_data_file: {
    rawDataPackage: {
      kind: 'm:1',
      entity: 'raw_data_package',
      fieldName: 'raw_data_package_id',
      nullable: true,
    },
    physicalCopies: { kind: '1:m', entity: 'physical_copy', mappedBy: 'rawDataFile' },
  },
  physical_copy: {
    rawDataFile: { kind: 'm:1', entity: 'raw_data_file', fieldName: 'raw_data_file_id', nullable: true },
  },
};

const contender = (work) => ({
  only: 'postgresql',
  async connect(database) {
    const model = await readModel(database);
    const entities = Object.entries(model).map(([table, columns]) => {
      const relations = RELATIONS[table] ?? {};
      const related = new Set(Object.values(relations).map(({ fieldName }) => fieldName));
      const properties = columns
        .filter(({ name }) => !related.has(name))
        .map(({ property, name, type, isPrimary }) => [
          property,
          { type: TYPES[type] ?? type, fieldName: name, primary: isPrimary, nullable: !isPrimary },
        ]);
      return new EntitySchema({
        name: table,
        tableName: table,
        properties: { ...Object.fromEntries(properties), ...relations },
      });
    });
    const orm = await MikroORM.init({
      clientUrl: database,
      entities,
      pool: { max: 10 },
      discovery: { warnWhenNoEntities: false },
    });
    return { run: (given) => work(orm, given), close: () => orm.close() };
  },
});

const byKey = (readers) =>
  contender((orm, keys) => readAll(keys, readers, (id) => orm.em.fork().findOne('raw_data_file', id)));

export const tasks = {
  'package-graph': contender((orm, id) =>
    orm.em
      .fork()
      .find('raw_data_package', { id }, { populate: ['rawDataFiles.physicalCopies'], strategy: 'select-in' }),
  ),
  'pending-list': contender((orm, sourceLocationId) =>
    orm.em.fork().find(
      'raw_data_package',
      { status: 'pending', sourceLocation: sourceLocationId },
      {
        populate: ['executedObsUnit', 'sourceLocation'],
        strategy: 'select-in',
        orderBy: { priority: 'desc', createdAt: 'asc' },
      },
    ),
  ),
  'by-key': byKey(1),
  'by-key-at-once': byKey(32),
};
