import { resolve } from 'node:path';
import type { EntityManager } from 'typeorm';
import {
  ConstantElevationSource,
  FixedSource,
  ObsUnit,
  PreScheduledSlot,
  SolarSystemObject,
  SourceType,
} from '../../entities/index.js';
import { readIndex } from './index-file.js';
import type { Input, InputFormat } from './input.js';
import { formatOf, inputsOf, tilingsIn, tuningsIn } from './inputs.js';
import { type InputOptions, type LoadResult, load } from './load.js';
import type { NamedTable } from './named-tables.js';
import { StartingState } from './starting-state.js';

/** Sources in a file of their own. */
export interface SourceOptions extends InputOptions {
  /** How the file is written; by default by its ending: `.kosma` and `.sou` are catalogues in columns of text. */
  readonly format?: InputFormat;
  /** Which kind of source the rows are; by default fixed targets. */
  readonly type?: SourceType;
  /** Values of columns that the file does not have, such as `category`. */
  readonly defaults?: Readonly<Record<string, string>>;
}

/** Obs units with what they refer to. */
export interface ObsUnitOptions extends InputOptions {
  /** A folder with a file of parameters for each CHAI tuning. */
  readonly inparParametersFolder?: string;
  /** A folder with a file for each tiling of a CHAI map. */
  readonly tilingParametersFolder?: string;
  /** A file with named ranges of azimuth, which obs units refer to. */
  readonly tableAzimuthFile?: string;
  /** A file with named parameters of scan patterns, which obs units refer to. */
  readonly tableMappingParamsFile?: string;
}

/** A whole folder. */
export interface FolderOptions extends InputOptions {
  /** Name of the index; by default `index.yaml`, `index.yml` or `index.toml`, the first that is there. */
  readonly index?: string;
  /** Write as much of the package's starting state first as the index says, as for a fresh database. */
  readonly withStartingState?: boolean;
}

const SOURCES: Readonly<Record<SourceType, new () => object>> = {
  fixed_source: FixedSource,
  solar_system_object: SolarSystemObject,
  constant_elevation_source: ConstantElevationSource,
};

/**
 * Brings a file of sources into the database.
 * @param sourceFile path of the file
 * @throws InvalidInputError `input_invalid` with every issue of the file; nothing is written then
 *
 * @example
 * import { mkdtemp, rm, writeFile } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import path from 'node:path';
 * import { FixedSource } from 'ccat-ops-db';
 * import { loadSources } from 'ccat-ops-db/planning-files';
 *
 * const folder = await mkdtemp(path.join(tmpdir(), 'plans-'));
 * const file = path.join(folder, 'clouds.csv');
 * await writeFile(file, 'name,ra,dec,velocity,frame\nBarnard 33,5h40m59s,-2d27m30s,10.5,LSR\n');
 *
 * await loadSources(session, file, { defaults: { category: 'galactic_cloud' } });
 * const { raDeg, decDeg } = await session.findOneByOrFail(FixedSource, { name: 'Barnard 33' });
 * console.log(raDeg.toFixed(4), decDeg.toFixed(4)); // 85.2458 -2.4583
 * await rm(folder, { recursive: true });
 */
export async function loadSources(
  manager: EntityManager,
  sourceFile: string,
  { format, type = SourceType.FIXED, defaults = {}, ...options }: SourceOptions = {},
): Promise<LoadResult> {
  const input = { ...inputOf(SOURCES[type], sourceFile), defaults };
  return load(
    manager,
    () => ({ name: sourceFile, inputs: [format ? { ...input, format } : input] }),
    options,
  );
}

/**
 * Brings files of obs units into the database, and the tunings, tilings and tables that they refer to.
 * @param obsUnitFiles paths of the files
 * @throws InvalidInputError `input_invalid` with every issue of all files; nothing is written then
 *
 * @example
 * import { mkdtemp, rm, writeFile } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import path from 'node:path';
 * import { loadObsUnits } from 'ccat-ops-db/planning-files';
 *
 * const unit = {
 *   name: 'Venus by day', source: 'Venus', observing_program: 'Cal', obs_mode: 'cross_scan',
 *   instrument_module_configurations: 'CHAI/LFA/LFA_CO43_LSB', requested_time_s: 360, duration_s: 180,
 * };
 * const folder = await mkdtemp(path.join(tmpdir(), 'plans-'));
 * const file = path.join(folder, 'venus.csv');
 * await writeFile(file, `${Object.keys(unit)}\n${Object.values(unit)}\n`);
 *
 * const { tables } = await loadObsUnits(session, [file], { by: 'planner' });
 * console.log(tables[0]); // { entity: 'ObsUnit', added: 1, unchanged: 0, differing: [] }
 * await rm(folder, { recursive: true });
 */
export async function loadObsUnits(
  manager: EntityManager,
  obsUnitFiles: readonly string[],
  {
    inparParametersFolder,
    tilingParametersFolder,
    tableAzimuthFile,
    tableMappingParamsFile,
    ...options
  }: ObsUnitOptions = {},
): Promise<LoadResult> {
  return load(
    manager,
    () => ({
      name: obsUnitFiles.join(', '),
      inputs: [
        ...tuningsIn('', inparParametersFolder),
        ...tilingsIn('', tilingParametersFolder),
        ...obsUnitFiles.map((file) => inputOf(ObsUnit, file)),
      ],
      azimuthTable: tableIn('', tableAzimuthFile),
      mappingTable: tableIn('', tableMappingParamsFile),
    }),
    options,
  );
}

/**
 * Brings a file of pre-scheduled slots into the database.
 * @param preScheduledFile path of the file
 * @throws InvalidInputError `input_invalid` with every issue of the file; nothing is written then
 *
 * @example
 * import { mkdtemp, rm, writeFile } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import path from 'node:path';
 * import { loadPreScheduledSlots } from 'ccat-ops-db/planning-files';
 *
 * const folder = await mkdtemp(path.join(tmpdir(), 'plans-'));
 * const file = path.join(folder, 'slots.csv');
 * const slot = 'Saturn/cross_scan/CHAI,2026-12-05T03:00:00Z,2026-12-05T03:10:00Z,occultation';
 * await writeFile(file, `obs_unit,start_time,end_time,reason\n${slot}\n`);
 *
 * const { tables } = await loadPreScheduledSlots(session, file);
 * console.log(tables[0]); // { entity: 'PreScheduledSlot', added: 1, unchanged: 0, differing: [] }
 * await rm(folder, { recursive: true });
 */
export async function loadPreScheduledSlots(
  manager: EntityManager,
  preScheduledFile: string,
  options: InputOptions = {},
): Promise<LoadResult> {
  const inputs = [inputOf(PreScheduledSlot, preScheduledFile)];
  return load(manager, () => ({ name: preScheduledFile, inputs }), options);
}

/**
 * Brings an observatory's own files into the database: those that the index of the folder names.
 * @param folder with the index
 * @returns what became of the rows, the starting state included where it was asked for
 * @throws InvalidInputError `input_invalid` with every issue of all files; nothing is written then
 *
 * @example
 * import path from 'node:path';
 * import { fileURLToPath } from 'node:url';
 * import { initObsUnits } from 'ccat-ops-db/planning-files';
 *
 * const manifest = fileURLToPath(import.meta.resolve('ccat-ops-db/package.json'));
 * const folder = path.join(path.dirname(manifest), 'examples', 'input');
 * const { tables, removals } = await initObsUnits(session, folder, { by: 'planner' });
 *
 * const units = tables.find(({ entity }) => entity === 'ObsUnit');
 * console.log(units?.added, units?.differing[0]?.key); // 6 OrionBar/otf/CO43
 * console.log(removals[0]?.key, removals[0]?.outcome); // Orion-KL/otf/trial absent
 */
export async function initObsUnits(
  manager: EntityManager,
  folder: string,
  { index: name, withStartingState = false, ...options }: FolderOptions = {},
): Promise<LoadResult> {
  return load(
    manager,
    (issues) => {
      const index = readIndex(folder, issues, name);
      if (!index) return { name: `The folder ${folder}`, inputs: [] };
      return {
        name: `The folder ${folder}`,
        startingState: withStartingState ? index.starting_state : StartingState.NONE,
        inputs: inputsOf(folder, index),
        azimuthTable: tableIn(folder, index.table_azimuth_file),
        mappingTable: tableIn(folder, index.table_mapping_params_file),
        removed: index.removed,
        missing: index.missing,
      };
    },
    options,
  );
}

function inputOf(entity: new () => object, file: string): Input {
  return { entity, file, path: file, format: formatOf(file), defaults: {}, converters: [] };
}

function tableIn(folder: string, file: string | undefined): NamedTable | undefined {
  return file === undefined ? undefined : { file, path: resolve(folder, file) };
}
