import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { ChaiTiling } from '../entities/index.js';
import type { FaultList } from '../seed/fault-list.js';
import { ENTITY_NAMES, type Index } from './index-file.js';
import { type Input, InputFormat } from './input.js';
import { tuningInputs } from './tunings.js';

/** The endings by which source catalogues in columns of text are known. */
const KOSMA_ENDINGS = ['.kosma', '.sou'];

/** The files that an index names, those of its folders included. */
export function inputsOf(folder: string, index: Index, faults: FaultList): Input[] {
  const listed = [...index.files].flatMap(([name, files]) =>
    files.map(({ file, format, defaults }) => ({
      ...{ entity: ENTITY_NAMES.get(name) as new () => object, file, path: resolve(folder, file) },
      ...{ format: format ?? formatOf(file), defaults, converters: [] },
    })),
  );
  return [
    ...listed,
    ...tuningsIn(folder, index.inpar_parameters_folder, faults),
    ...tilingsIn(folder, index.tiling_parameters_folder, faults),
  ];
}

/** How a file is written, by its ending. */
export function formatOf(file: string): InputFormat {
  return KOSMA_ENDINGS.includes(extname(file).toLowerCase()) ? InputFormat.KOSMA : InputFormat.CSV;
}

/** The tunings of a folder: a file each, named after the tuning. */
export function tuningsIn(folder: string, within: string | undefined, faults: FaultList): Input[] {
  return csvFilesIn(folder, within, faults).flatMap(({ name, file, path }) => tuningInputs(name, file, path));
}

/** The tilings of a folder: a file for each map, named after its configuration. */
export function tilingsIn(folder: string, within: string | undefined, faults: FaultList): Input[] {
  return csvFilesIn(folder, within, faults).map(({ name, file, path }) => ({
    ...{ entity: ChaiTiling, file, path, format: InputFormat.CSV, converters: [] },
    defaults: { chai_observation_configuration: name },
  }));
}

/** How much there is to read [byte]; files that are not there count nothing. */
export function sizeOf(inputs: readonly Input[]): number {
  return inputs.reduce((sum, { path }) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function csvFilesIn(
  folder: string,
  within: string | undefined,
  faults: FaultList,
): { name: string; file: string; path: string }[] {
  if (within === undefined) return [];
  try {
    return readdirSync(resolve(folder, within))
      .filter((file) => file.toLowerCase().endsWith('.csv'))
      .sort()
      .map((file) => ({
        name: basename(file, extname(file)),
        file: join(within, file),
        path: resolve(folder, within, file),
      }));
  } catch (error) {
    const message = `cannot be read: ${(error as Error).message}`;
    faults.report({ origin: within, key: 'folder', value: within, message });
    return [];
  }
}
