import type { Converter } from '../seed/converter.js';

/** How a file is written: with commas, or as a source catalogue in columns of text. */
export const InputFormat = { CSV: 'csv', KOSMA: 'kosma' } as const;
export type InputFormat = (typeof InputFormat)[keyof typeof InputFormat];

/** A file with rows of one entity. */
export interface Input {
  readonly entity: new () => object;
  /** How faults name the file. */
  readonly file: string;
  readonly path: string;
  readonly format: InputFormat;
  /** What a column holds that the file does not have. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Conversions beside those that every file of the entity has. */
  readonly converters: readonly Converter[];
}
