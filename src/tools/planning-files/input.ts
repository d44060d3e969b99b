import type { Converter } from '../../tabular/converter.js';

/**
 * How a file is written: with commas, or as a source catalogue in columns of text.
 *
 * @example
 * import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { FixedSource } from 'ccat-ops-db';
 * import { InputFormat, loadSources } from 'ccat-ops-db/planning-files';
 *
 * const folder = mkdtempSync(join(tmpdir(), 'sources-'));
 * const file = join(folder, 'sources.txt');
 * writeFileSync(file, 'W49N  GA  43.17  0.01  LSR  8  RADIO');
 * await loadSources(session, file, { format: InputFormat.KOSMA, defaults: { category: 'galactic_cloud' } });
 * rmSync(folder, { recursive: true });
 * const { velocityKms, velocityFrame } = await session.findOneByOrFail(FixedSource, { name: 'W49N' });
 * console.log(velocityKms, velocityFrame); // 8 lsrk
 */
export const InputFormat = { CSV: 'csv', KOSMA: 'kosma' } as const;
export type InputFormat = (typeof InputFormat)[keyof typeof InputFormat];

/** A file with rows of one entity. */
export interface Input {
  readonly entity: new () => object;
  /** How issues name the file. */
  readonly file: string;
  readonly path: string;
  readonly format: InputFormat;
  /** The folder that the file must not lead out of, where an index names it. */
  readonly within?: string;
  /** Values of columns that the file does not have. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Conversions beside those that every file of the entity has. */
  readonly converters: readonly Converter[];
}
