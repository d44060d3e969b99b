import type { DataSource, EntityManager, EntityMetadata, QueryRunner } from 'typeorm';
import { snakeCase } from '../../src/entities/snake-case.js';
import { type OneOfEach, oneOfEach } from '../support/one-of-each.js';
import { concreteOf, metadataOf, tables, uniquenessOf } from './model.js';

export type Value = string | number | boolean | Date | null;

/** Values by property or column. */
export type Values = Readonly<Record<string, Value>>;

interface DriverError {
  readonly code: string;
  readonly message: string;
  readonly constraint?: string;
  readonly column?: string;
}

/** One row of each table, on which changes are tried that are all taken back. */
export class Trial {
  private constructor(
    private readonly runner: QueryRunner,
    readonly rows: OneOfEach,
    private readonly type: 'sqlite' | 'postgresql',
  ) {}

  static async begin(dataSource: DataSource): Promise<Trial> {
    const runner = dataSource.createQueryRunner();
    const type = dataSource.options.type === 'postgres' ? 'postgresql' : 'sqlite';
    // Corrections are never changed, and here every row is. Within a transaction that has changed the schema SQLite would
    // read all of it anew after each attempt.
    const table = type === 'postgresql' ? 'ON time_correction' : '';
    await runner.query(`DROP TRIGGER tr_time_correction__kept ${table}`);
    await runner.startTransaction();
    return new Trial(runner, await oneOfEach(runner.manager), type);
  }

  async end(): Promise<void> {
    await this.runner.rollbackTransaction();
    await this.runner.release();
  }

  /** Works within what is taken back in the end. */
  get manager(): EntityManager {
    return this.runner.manager;
  }

  /** Does something and takes it back. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    await this.runner.query('SAVEPOINT attempt');
    try {
      return await work();
    } finally {
      await this.runner.query('ROLLBACK TO SAVEPOINT attempt');
      await this.runner.query('RELEASE SAVEPOINT attempt');
    }
  }

  /**
   * What refuses something to be done: the name of a constraint, `null` with the column, `enum`, the code of an error of
   * this package, or, on SQLite, `foreign key`, which it has no names for. Undefined where nothing does.
   */
  refusalOf(work: () => Promise<unknown>): Promise<string | undefined> {
    return this.attempt(() =>
      work().then(
        () => undefined,
        (error) => this.named(error),
      ),
    );
  }

  /** What refuses the values in the row of a class or junction table. */
  refusalOfChange(entity: string, values: Values): Promise<string | undefined> {
    return this.refusalOf(() => this.change(entity, values));
  }

  /** How a foreign key is named when it refuses. */
  foreignKey(name: string): string {
    return this.type === 'sqlite' ? 'foreign key' : name;
  }

  /** Changes the row of a class or junction table. */
  async change(entity: string, values: Values): Promise<void> {
    const list = Object.entries(values).map(([name, value]) => `"${snakeCase(name)}" = ${literal(value)}`);
    await this.query(`UPDATE ${this.quotedTable(entity)} SET ${list.join(', ')} WHERE ${this.isRow(entity)}`);
  }

  /** Inserts a row that equals that of a class or junction table in everything but some values. */
  async copy(entity: string, values: Values): Promise<void> {
    const given = new Map(Object.entries(values).map(([name, value]) => [snakeCase(name), literal(value)]));
    const names = metadataOf(entity).columns.map(({ databaseName }) => databaseName);
    const sources = names.map((name) => given.get(name) ?? `"${name}"`);
    const into = `${this.quotedTable(entity)} (${names.map((name) => `"${name}"`).join(', ')})`;
    await this.query(
      `INSERT INTO ${into} SELECT ${sources.join(', ')} FROM ${this.quotedTable(entity)} WHERE ${this.isRow(entity)}`,
    );
  }

  /** Deletes the rows of a table that have the values. */
  async remove(entity: string, values: Values): Promise<void> {
    await this.query(`DELETE FROM ${this.quotedTable(entity)} WHERE ${equal(values)}`);
  }

  /** How many rows of a table have the values. */
  async count(entity: string, values: Values): Promise<number> {
    const from = `${this.quotedTable(entity)} WHERE ${equal(values)}`;
    const [{ count }] = await this.query(`SELECT CAST(count(*) AS integer) AS count FROM ${from}`);
    return count;
  }

  /** The value of a column in the row of a class. */
  valueOf(entity: string, name: string): Value | undefined {
    const column = metadataOf(entity).columns.find(({ databaseName }) => databaseName === snakeCase(name));
    return column && this.rows[entity]?.[column.propertyName];
  }

  /** The key that a foreign key of a table may refer to, by column. */
  parentKey(table: EntityMetadata, name: string): Value | undefined {
    const key = table.foreignKeys.find(({ columnNames }) => columnNames.includes(name));
    if (!key) return undefined;
    const parent = concreteOf(key.referencedEntityMetadata);
    return this.valueOf(parent.name, key.referencedColumnNames[key.columnNames.indexOf(name)] as string);
  }

  private query(statement: string) {
    return this.runner.query(statement);
  }

  private quotedTable(entity: string): string {
    return `"${metadataOf(entity).tableName}"`;
  }

  /** The junction tables have one row each. */
  private isRow(entity: string): string {
    const row = this.rows[entity];
    if (!row) return 'true';
    const key = metadataOf(entity).primaryColumns.map(({ propertyName }) => [
      propertyName,
      row[propertyName],
    ]);
    return equal(Object.fromEntries(key));
  }

  private named(error: { code?: string; driverError?: DriverError }): string {
    // The door refuses it before the database is asked.
    if (!error.driverError) return String(error.code);
    const { code, message, constraint, column } = error.driverError;
    if (this.type === 'postgresql') {
      if (code === '22P02' && message.includes('enum')) return 'enum';
      return constraint ?? (code === '23502' ? `null ${column}` : message);
    }
    const [, what = message] = / constraint failed: (.*)/.exec(message) ?? [];
    if (message.startsWith('FOREIGN KEY')) return 'foreign key';
    if (code === 'SQLITE_CONSTRAINT_NOTNULL') return `null ${what.split('.').at(-1)}`;
    // Only the checks of enums are without a name.
    if (code === 'SQLITE_CONSTRAINT_CHECK') return what.startsWith('ck_') ? what : 'enum';
    return uniqueness.get(what) ?? message;
  }
}

/** The names of what must be unique, by the columns as SQLite lists them. */
const uniqueness = new Map(
  tables.flatMap((table) =>
    uniquenessOf(table).map(({ name, columns }) => [
      columns.map((column) => `${table.tableName}.${column}`).join(', '),
      name,
    ]),
  ),
);

function equal(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `"${snakeCase(name)}" ${value === null ? 'IS' : '='} ${literal(value)}`)
    .concat('true')
    .join(' AND ');
}

function literal(value: Value): string {
  if (value === null) return 'NULL';
  const text = value instanceof Date ? value.toISOString().replace('T', ' ').replace('Z', '') : value;
  return typeof text === 'string' ? `'${text.replaceAll("'", "''")}'` : String(text);
}
