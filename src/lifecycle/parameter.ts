import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** Values of one call of a compiled statement, by the names of its slots. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/** Placeholder for a value that each call of a compiled statement supplies. */
export class Parameter {
  /**
   * @param name of the value
   * @param column that the value is written to; without one it goes to the driver as it is
   */
  constructor(
    readonly name: string,
    readonly column?: ColumnMetadata,
  ) {}
}

/** The parameters of a call: slots get their values, the rest is the same in every call. */
export function filled(
  { driver }: DataSource,
  parameters: readonly unknown[],
  values: ParameterValues,
): unknown[] {
  return parameters.map((parameter) => {
    if (!(parameter instanceof Parameter)) return parameter;
    const value = values[parameter.name];
    return parameter.column ? driver.preparePersistentValue(value, parameter.column) : value;
  });
}
