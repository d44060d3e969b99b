import { type ColumnType, DataSource, type DataSourceOptions } from 'typeorm';

const POSTGRES_TYPES = new Map<unknown, string>([[Date, 'timestamp with time zone']]);

/** The moment in UTC to the millisecond, in the spelling that TypeORM reads. */
const SQLITE_NOW = `strftime('%Y-%m-%d %H:%M:%f','now')`;

/**
 * A TypeORM data source that gives the model's logical types the right column type on each database, which
 * TypeORM has no portable spelling for: an instant is `timestamptz` here and `datetime` there.
 */
export class ModelDataSource extends DataSource {
  constructor(options: DataSourceOptions) {
    super(options);
    const { driver } = this;
    const types = driver.mappedDataTypes;
    if (options.type === 'postgres') {
      const normalize = driver.normalizeType.bind(driver);
      driver.normalizeType = (column) => POSTGRES_TYPES.get(column.type) ?? normalize(column);
      types.createDate = types.updateDate = types.deleteDate = 'timestamptz' as ColumnType;
    } else {
      types.createDateDefault = types.updateDateDefault = SQLITE_NOW;
    }
  }
}
