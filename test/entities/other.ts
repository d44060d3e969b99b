import { metadataOf, tables, uniquenessOf } from './model.js';
import type { Trial, Value, Values } from './trial.js';

const ANOTHER_UUID = '01890a5d-ac96-774b-bcce-b302099a8057';
const ANOTHER_NUMBER = 1_000_001;
const BEFORE = new Date('2001-01-01T00:00:00Z');

/** A value that the row of a class does not have in a column, as long as its own where it is a text. */
export function other(trial: Trial, entity: string, name: string): Value {
  const column = metadataOf(entity).columns.find(({ databaseName }) => databaseName === name);
  const value = trial.valueOf(entity, name);
  if (column?.enum) return column.enum.find((candidate) => candidate !== value) as string;
  if (column?.type === 'uuid') return ANOTHER_UUID;
  if (column?.type === 'text') return `z${String(value ?? '').slice(1)}`;
  return column?.type === Date ? BEFORE : ANOTHER_NUMBER;
}

const elsewhere = ({ rows }: Trial) => ({ data_location_id: rows.S3DataLocation?.id });

/** What tells rows apart that only refer to others, where the keys must be of rows that are there. */
const TOLD_APART_BY: Readonly<Record<string, (trial: Trial) => Values>> = {
  uq_instrument_module__slot_id: () => ({ slot_id: null }),
  uq_data_transfer__live: () => ({ status: 'failed' }),
  uq_reduction_step__pipeline_id_position: () => ({ position: 3 }),
  uq_physical_copy__file_at_location: elsewhere,
  uq_physical_copy__package_at_location: elsewhere,
  uq_physical_copy__bundle_at_location: elsewhere,
  uq_physical_copy__product_at_location: elsewhere,
};

/**
 * Values by which a copy of the row of a class is told apart from it, for each rule of uniqueness. Nulls are
 * never equal.
 * @param given values that the copy has at any rate
 * @param kept columns that stay as they are: rules about no others are not heeded
 */
export function distinct(
  trial: Trial,
  entity: string,
  given: Values = {},
  kept: readonly string[] = [],
): Values {
  const table = tables.find(({ tableName }) => tableName === metadataOf(entity).tableName);
  const own = metadataOf(entity).columns.map(({ databaseName }) => databaseName);
  const keys = new Set(table?.foreignKeys.flatMap(({ columnNames }) => columnNames));
  const values: Record<string, Value> = { ...given };
  for (const { name, columns } of table ? uniquenessOf(table) : []) {
    const free = columns.filter((column) => own.includes(column) && !kept.includes(column));
    if (free.length === 0 || free.some((column) => column in values)) continue;
    if (columns.some((column) => trial.valueOf(entity, column) === null)) continue;
    const told = free.find((column) => !keys.has(column)) ?? (free[0] as string);
    Object.assign(values, TOLD_APART_BY[name]?.(trial) ?? { [told]: other(trial, entity, told) });
  }
  return values;
}
