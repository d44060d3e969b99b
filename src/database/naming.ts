import { DefaultNamingStrategy, type NamingStrategyInterface, type Table } from 'typeorm';
import { snakeCase } from '../entities/snake-case.js';

/** PostgreSQL truncates longer names silently, after which two names may collide. */
const LONGEST_NAME = 63;

/**
 * Names of tables, columns and constraints: snake_case singular, and `pk_`, `uq_`, `fk_`, `ix_`, `ck_` +
 * table + `__` + columns. A check without a name of its own is named after the columns that it quotes.
 */
export class OpsDbNaming extends DefaultNamingStrategy implements NamingStrategyInterface {
  override tableName(className: string, givenName?: string): string {
    return givenName ?? snakeCase(className);
  }

  override columnName(propertyName: string, givenName?: string): string {
    return givenName ?? snakeCase(propertyName);
  }

  override joinColumnName(relationName: string, referencedColumn: string): string {
    return snakeCase(`${relationName}_${referencedColumn}`);
  }

  override joinTableColumnName(tableName: string, _property: string, columnName = 'id'): string {
    return `${tableName}_${columnName}`;
  }

  override primaryKeyName(table: Table | string): string {
    return fitting(`pk_${this.nameOf(table)}`);
  }

  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return this.constraintName('uq', table, columns);
  }

  override relationConstraintName(table: Table | string, columns: string[]): string {
    return this.constraintName('uq', table, columns);
  }

  override foreignKeyName(table: Table | string, columns: string[]): string {
    return this.constraintName('fk', table, columns);
  }

  override indexName(table: Table | string, columns: string[]): string {
    return this.constraintName('ix', table, columns);
  }

  override checkConstraintName(table: Table | string, expression: string): string {
    const columns = [...expression.matchAll(/"(\w+)"/g)].map(([, column]) => column as string);
    return this.constraintName('ck', table, [...new Set(columns)]);
  }

  private constraintName(kind: string, table: Table | string, columns: string[]): string {
    return fitting(`${kind}_${this.nameOf(table)}__${columns.join('_')}`);
  }

  private nameOf(table: Table | string): string {
    return this.getTableName(table).split('.').at(-1) as string;
  }
}

function fitting(name: string): string {
  if (name.length > LONGEST_NAME)
    throw new Error(
      `${name} has ${name.length} characters, at most ${LONGEST_NAME} are allowed: name it yourself`,
    );
  return name;
}
