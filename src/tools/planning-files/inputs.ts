import { readdirSync, statSync } from 'node:fs';
import { extname, join, parse, resolve } from 'node:path';
import { ChaiTiling } from '../../entities/index.js';
import { ENTITY_NAMES, type Index } from './index-file.js';
import { type Input, InputFormat } from './input.js';
import { tuningInputs } from './tunings.js';

/** File name endings of source catalogues in columns of text. */
const KOSMA_ENDINGS = ['.kosma', '.sou'];

/** The files that an index names, those of its folders included. */
export function inputsOf(folder: string, index: Index): Input[] {
  const listed = [...index.files].flatMap(([name, files]) =>
    files.map(({ file, format, defaults }) => ({
      entity: ENTITY_NAMES.get(name) as new () => object,
      file,
      path: resolve(folder, file),
      format: format ?? formatOf(file),
      defaults,
      converters: [],
    })),
  );
  return [
    ...listed,
    ...tuningsIn(folder, index.inpar_parameters_folder),
    ...tilingsIn(folder, index.tiling_parameters_folder),
  ].map((input) => ({ ...input, within: folder }));
}

/** The format of a file, by its ending. */
export function formatOf(file: string): InputFormat {
  return KOSMA_ENDINGS.includes(extname(file).toLowerCase()) ? InputFormat.KOSMA : InputFormat.CSV;
}

/** The tunings of a folder: a file each, named after the tuning. */
export function tuningsIn(folder: string, within: string | undefined): Input[] {
  return csvFilesIn(folder, within).flatMap(({ name, file, path }) => tuningInputs(name, file, path));
}

/** The tilings of a folder: a file for each map, named after its configuration. */
export function tilingsIn(folder: string, within: string | undefined): Input[] {
  return csvFilesIn(folder, within).map(({ name, file, path }) => ({
    entity: ChaiTiling,
    file,
    path,
    format: InputFormat.CSV,
    converters: [],
    defaults: { chai_observation_configuration: name },
  }));
}

/** Total size of the files [byte]; missing files count as 0. */
export function sizeOf(inputs: readonly Input[]): number {
  return inputs.reduce((sum, { path }) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

interface Listed {
  /** Without the ending. */
  readonly name: string;
  readonly file: string;
  readonly path: string;
}

/** A folder that cannot be listed is returned as if it were a file: reading it reports why. */
function csvFilesIn(folder: string, within: string | undefined): Listed[] {
  if (within === undefined) return [];
  const path = resolve(folder, within);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    return [{ name: within, file: within, path: join(path, '/') }];
  return readdirSync(path)
    .filter((file) => file.toLowerCase().endsWith('.csv'))
    .sort()
    .map((file) => ({ name: parse(file).name, file: join(within, file), path: join(path, file) }));
}
