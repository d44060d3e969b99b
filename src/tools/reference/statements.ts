import { type EntityMetadata, Table } from 'typeorm';
import type { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { ownTables } from '../../database/own-tables.js';
import { ModelDataSource } from '../../database/typeorm/model-data-source.js';
import { dataSourceOptions } from '../../datasource.js';
import { loadSettings } from '../../settings/index.js';

/** The methods with which TypeORM writes statements; they are not public. */
interface Spelling {
  createTableSql(table: Table, createForeignKeys: boolean): { readonly query: string };
  createIndexSql(table: Table, index: Table['indices'][number]): { readonly query: string };
}

/** The model for PostgreSQL without a connection, whatever the settings are. */
export async function postgresqlModel(): Promise<ModelDataSource> {
  const settings = loadSettings({ cwd: '/', env: {}, warn: () => {} });
  const dataSource = new ModelDataSource(dataSourceOptions({ ...settings, databaseType: 'postgresql' }));
  await dataSource.buildMetadatas();
  return dataSource;
}

/**
 * The statements that make the tables on PostgreSQL, by the names of the tables.
 * @param dataSource for PostgreSQL; its metadata must be built, it need not be connected
 */
export function createStatements(dataSource: ModelDataSource): ReadonlyMap<string, string> {
  const spelling = dataSource.createQueryRunner() as PostgresQueryRunner as unknown as Spelling;
  return new Map(
    ownTables(dataSource).map((metadata) => [
      metadata.tableName,
      statementsOf(dataSource, metadata, spelling),
    ]),
  );
}

function statementsOf({ driver }: ModelDataSource, metadata: EntityMetadata, spelling: Spelling): string {
  const table = Table.create(metadata, driver);
  const enums = table.columns
    .filter(({ enum: values }) => values)
    .map(({ name, enum: values = [] }) => {
      const listed = values.map((value) => `'${value}'`).join(', ');
      return `CREATE TYPE "${table.name}_${name}_enum" AS ENUM (${listed})`;
    });
  const [create = ''] = spelling.createTableSql(table, true).query.split('; COMMENT ON');
  const indexes = table.indices.map((index) => spelling.createIndexSql(table, index).query.trim());
  return [...enums, onLines(create), ...indexes].map((statement) => `${statement};`).join('\n');
}

/** One column or constraint on each line. */
function onLines(create: string): string {
  const start = create.indexOf('(') + 1;
  let depth = 0;
  let quoted = false;
  let text = create.slice(0, start);
  text += '\n  ';
  for (const character of create.slice(start, -1)) {
    if (character === "'") quoted = !quoted;
    if (!quoted && character === '(') depth += 1;
    if (!quoted && character === ')') depth -= 1;
    text += character === ',' && depth === 0 && !quoted ? ',\n ' : character;
  }
  return `${text}\n)`;
}
