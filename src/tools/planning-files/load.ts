import type { EntityManager } from 'typeorm';
import {
  DataTransferRoute,
  DiskDataLocation,
  FixedSource,
  ObsUnit,
  PrimeCamObservationConfiguration,
  S3DataLocation,
  Site,
} from '../../entities/index.js';
import { ArchiveMode, activeIn } from '../../seed/archive-mode.js';
import { seedPlan } from '../../seed/plan.js';
import { readSeedData, seedDataFolder } from '../../seed/read-seed-data.js';
import type { Converter } from '../../tabular/converter.js';
import { IssueList } from '../../tabular/issue-list.js';
import { Found, type KeyedTable, RowReader, type SeedRow } from '../../tabular/row-reader.js';
import type { RowDifference, SeedResult } from '../../tabular/upsert/difference.js';
import { Upsert } from '../../tabular/upsert/upsert.js';
import type { ListedRemoval } from './index-file.js';
import { type Input, InputFormat } from './input.js';
import { sizeOf } from './inputs.js';
import { KOSMA_LINE } from './kosma.js';
import { azimuthTables, mappings, type NamedTable } from './named-tables.js';
import { positions } from './positions.js';
import { type OnBytes, recordsOf } from './records.js';
import { type Removal, removeListed } from './removal.js';
import { StartingState } from './starting-state.js';
import { NOT_FACILITY } from './tables.js';
import { velocities } from './velocities.js';

/** Progress of the reading. */
export interface LoadProgress {
  /** The file that is being read. */
  readonly file: string;
  /** Bytes of all files that have been read [byte]. */
  readonly bytes: number;
  /** Size of all files [byte]. */
  readonly allBytes: number;
}

/** How files are loaded. */
export interface InputOptions {
  /** Which sites, locations and routes are active: those that the files list for this mode; else development. */
  readonly dataArchiveMode?: ArchiveMode;
  /** Keep rows that differ from the files, and report them; otherwise they are set to what the files say. */
  readonly keep?: boolean;
  /** Do everything, report the outcome, and roll it back. */
  readonly dryRun?: boolean;
  /** Who loads, for the history of obs units that change their state. */
  readonly by?: string;
  /** Number of issues after which reading stops; by default 1000. */
  readonly issueLimit?: number;
  /** Called as the files are read. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Called with each row that is added or differs. */
  readonly onDifference?: (row: RowDifference) => void;
}

/** The outcome for the rows of the files. */
export interface LoadResult {
  /** Of each entity that had a file, in the order of writing. */
  readonly tables: readonly SeedResult[];
  /** The outcome for the rows that the index lists as removed. */
  readonly removals: readonly Removal[];
}

/** What is to be loaded. */
export interface Load {
  /** Name for messages, such as the folder. */
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly azimuthTable?: NamedTable;
  readonly mappingTable?: NamedTable;
  /** How much of the package's starting state is written with them; by default nothing. */
  readonly startingState?: StartingState;
  readonly removed?: readonly ListedRemoval[];
  /** Entities of which rows may be missing, because their entries in the index have issues. */
  readonly missing?: readonly (new () => object)[];
}

const MOST_ISSUES = 1000;
const ROLL_BACK = Symbol('roll back');

/**
 * Brings files into the database: reads them a line at a time, checks, resolves and writes a chunk at a time, so that
 * rows are found by name whether they come from the files or were there. One issue and nothing is written.
 * @param manager the work is one transaction, or part of the one that the manager is of
 * @param prepare returns what is to be loaded, and may report issues
 * @throws InvalidInputError `input_invalid` with the issues of all files
 */
export async function load(
  manager: EntityManager,
  prepare: (issues: IssueList) => Load,
  options: InputOptions = {},
): Promise<LoadResult> {
  let result: LoadResult | undefined;
  try {
    await manager.transaction(async (nested) => {
      result = await loadWithin(nested, prepare, options);
      if (options.dryRun) throw ROLL_BACK;
    });
  } catch (error) {
    if (error !== ROLL_BACK) throw error;
  }
  return result as LoadResult;
}

async function loadWithin(
  manager: EntityManager,
  prepare: (issues: IssueList) => Load,
  { keep = false, by = 'opsdb load', issueLimit = MOST_ISSUES, ...options }: InputOptions,
): Promise<LoadResult> {
  const issues = new IssueList(issueLimit);
  const found = new Found();
  const { name, inputs, removed = [], startingState = StartingState.NONE, ...named } = prepare(issues);
  for (const entity of named.missing ?? []) found.leaveGap(manager.dataSource.getMetadata(entity));
  const converters = await convertersOf(named, issues, options.dataArchiveMode);
  const upsert = new Upsert(manager, found, issues, {
    plan: seedPlan,
    force: !keep,
    by,
    onDifference: options.onDifference,
  });
  await upsert.begin();
  const onBytes = countBytes(inputs, options.onProgress);
  const starting = startingRows(manager, startingState, options.dataArchiveMode);
  const tables: SeedResult[] = [];
  for (const step of seedPlan) {
    const mine = inputs.filter(({ entity }) => entity === step.entity);
    const rest = starting.get(step.entity) ?? [];
    if (mine.length + rest.length === 0) continue;
    const target = { step, metadata: manager.dataSource.getMetadata(step.entity) };
    const rows = rowsOf(mine, target, { found, issues, onBytes, converters: converters(step.entity) });
    tables.push(
      await upsert.write(
        target,
        completed(rows, rest, (key) => found.placeOf(target.metadata, key) !== undefined),
      ),
    );
  }
  const removals = await removeListed(removed, { manager, found, issues, by });
  issues.assertNone('input_invalid', name);
  return { tables, removals };
}

/** The rows of the starting state by entity. */
function startingRows(
  { dataSource }: EntityManager,
  state: StartingState,
  dataArchiveMode?: ArchiveMode,
): ReadonlyMap<new () => object, readonly SeedRow[]> {
  if (state === StartingState.NONE) return new Map();
  const tables = readSeedData(dataSource, seedDataFolder(), { dataArchiveMode }).filter(
    ({ step }) => state === StartingState.ALL || !NOT_FACILITY.includes(step.entity),
  );
  return new Map(tables.map(({ step, rows }) => [step.entity, rows]));
}

/** Rows of the files, and then those of the starting state that the files do not have. */
async function* completed(
  rows: AsyncIterable<SeedRow>,
  starting: readonly SeedRow[],
  isInFiles: (key: string) => boolean,
): AsyncGenerator<SeedRow> {
  yield* rows;
  for (const row of starting) if (!isInFiles(row.key)) yield row;
}

interface Reading {
  readonly found: Found;
  readonly issues: IssueList;
  readonly onBytes: (file: string) => OnBytes;
  readonly converters: readonly Converter[];
}

async function* rowsOf(
  inputs: readonly Input[],
  target: KeyedTable,
  { found, issues, onBytes, converters: common }: Reading,
): AsyncGenerator<SeedRow> {
  for (const input of inputs) {
    const { file, format, defaults } = input;
    const isKosma = format === InputFormat.KOSMA;
    const special = { defaults, converters: [...common, ...input.converters] };
    let reader: RowReader | undefined;
    let isBroken = false;
    const onGap = () => {
      isBroken = true;
      found.leaveGap(target.metadata);
    };
    for await (const line of recordsOf(input, issues, { onBytes: onBytes(file), onGap })) {
      if (issues.isFull) return;
      if (!reader) {
        const [headerLine, lineShape] = [line.info.lines, isKosma ? KOSMA_LINE : undefined];
        const options = { ...special, headerLine, lineShape };
        reader = new RowReader(file, target, line.record, found, issues, options);
        continue;
      }
      const row = reader.read(line);
      if (row) yield row;
    }
    if (reader || isBroken) continue;
    onGap();
    issues.report({ origin: file, key: 'file', value: file, message: 'must begin with a line of columns' });
  }
}

/** The conversions that every file of an entity has. */
async function convertersOf(
  { azimuthTable, mappingTable }: Pick<Load, 'azimuthTable' | 'mappingTable'>,
  issues: IssueList,
  mode: ArchiveMode = ArchiveMode.DEVELOPMENT,
): Promise<(entity: new () => object) => readonly Converter[]> {
  const active = [activeIn(mode)];
  const byEntity = new Map<new () => object, readonly Converter[]>([
    [FixedSource, [positions, velocities]],
    [ObsUnit, [await mappings(mappingTable, issues)]],
    [PrimeCamObservationConfiguration, [await azimuthTables(azimuthTable, issues)]],
    [Site, active],
    [DiskDataLocation, active],
    [S3DataLocation, active],
    [DataTransferRoute, active],
  ]);
  return (entity) => byEntity.get(entity) ?? [];
}

function countBytes(
  inputs: readonly Input[],
  onProgress: InputOptions['onProgress'],
): (file: string) => OnBytes {
  if (!onProgress) return () => () => {};
  const allBytes = sizeOf(inputs);
  let bytes = 0;
  return (file) => (more) => {
    bytes += more;
    if (more > 0) onProgress({ file, bytes, allBytes });
  };
}
