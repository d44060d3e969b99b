import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml, TomlError } from 'smol-toml';
import * as v from 'valibot';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { leadsOutOf, readBounded } from '../../bounded-file.js';
import { snakeCase } from '../../entities/snake-case.js';
import { closestName } from '../../nearest.js';
import { seedPlan } from '../../seed/plan.js';
import type { IssueList } from '../../tabular/issue-list.js';
import { InputFormat } from './input.js';
import { StartingState } from './starting-state.js';

/** The names that an index may have, in the order in which they are looked for. */
export const INDEX_FILES = ['index.yaml', 'index.yml', 'index.toml'];

/** The names by which the index calls entities. */
export const ENTITY_NAMES: ReadonlyMap<string, new () => object> = new Map(
  seedPlan.map(({ entity }) => [snakeCase(entity.name), entity]),
);

const path = v.pipe(v.string('must be the path of a file or folder'), v.nonEmpty('must not be empty'));
const scalar = v.union([v.string(), v.number(), v.boolean()], 'must be a text, a number, true or false');
const fields = {
  file: path,
  format: v.optional(v.enum(InputFormat, `must be one of ${Object.values(InputFormat).join(', ')}`)),
  defaults: v.optional(
    v.record(v.string(), v.pipe(scalar, v.transform(String)), 'must be columns with values'),
    {},
  ),
};
const file = v.pipe(
  v.unknown(),
  v.transform((value) => (typeof value === 'string' ? { file: value } : value)),
  withoutOthers(fields, 'must be the path of a file, or file with format and defaults'),
);
const files = v.pipe(
  v.unknown(),
  v.transform((value) => (Array.isArray(value) ? value : [value])),
  v.array(file),
);
const names = v.array(v.string('must be a name'), 'must be a list of names');

const schema = withoutOthers(
  {
    starting_state: v.optional(
      v.enum(StartingState, `must be one of ${Object.values(StartingState).join(', ')}`),
      StartingState.FACILITY,
    ),
    inpar_parameters_folder: v.optional(path),
    tiling_parameters_folder: v.optional(path),
    table_azimuth_file: v.optional(path),
    table_mapping_params_file: v.optional(path),
    removed: v.optional(
      withoutOthers(ofEachEntity(v.optional(names)), 'must be entities with lists of names'),
      {},
    ),
    ...ofEachEntity(v.optional(files)),
  },
  'must be names of entities with their files',
);

/** An object in which every other key is an issue of the type `never`, and not only the first one. */
function withoutOthers<const T extends v.ObjectEntries>(entries: T, message: string) {
  return v.objectWithRest(entries, v.never(), message);
}

function ofEachEntity<T>(value: T): Record<string, T> {
  return Object.fromEntries([...ENTITY_NAMES.keys()].map((name) => [name, value]));
}

/** The keys of the index whose values are paths, beside those of entities. */
const FOLDERS_AND_TABLES = [
  'inpar_parameters_folder',
  'tiling_parameters_folder',
  'table_azimuth_file',
  'table_mapping_params_file',
];

interface Settings {
  readonly starting_state: StartingState;
  readonly inpar_parameters_folder?: string;
  readonly tiling_parameters_folder?: string;
  readonly table_azimuth_file?: string;
  readonly table_mapping_params_file?: string;
}

/** A row that is to be removed. */
export interface ListedRemoval {
  /** The entity as the index calls it. */
  readonly entity: string;
  /** The natural key of the row. */
  readonly key: string;
  /** Place in the index, for messages. */
  readonly origin: string;
}

/** A file as the index lists it. */
export interface ListedFile {
  readonly file: string;
  readonly format?: InputFormat;
  readonly defaults: Readonly<Record<string, string>>;
}

/** An index, read and checked. */
export interface Index extends Settings {
  /** By name of the entity. */
  readonly files: ReadonlyMap<string, readonly ListedFile[]>;
  readonly removed: readonly ListedRemoval[];
  /** Entities of which entries have issues, so that rows may be missing. */
  readonly missing: readonly (new () => object)[];
}

/** An index, parsed. */
interface Parsed {
  readonly value: unknown;
  readonly lineOf: LineOf;
}

/** The line of a value in the index, by its keys from the outermost. */
type LineOf = (keys: readonly PropertyKey[]) => number | undefined;

/**
 * Reads and checks the index of a folder.
 * @param name of the index; by default the first of {@link INDEX_FILES} that is there
 * @returns its valid entries; undefined where it cannot be read. Issues are reported
 */
export function readIndex(folder: string, issues: IssueList, name?: string): Index | undefined {
  const file = name ?? INDEX_FILES.find((some) => existsSync(join(folder, some)));
  if (file === undefined) {
    const message = `has no index; one of ${INDEX_FILES.join(', ')} must name its files`;
    issues.report({ origin: folder, key: 'folder', value: folder, message });
    return undefined;
  }
  const report: ReportAt = (line, key, value, message) =>
    issues.report({ origin: place(file, line), key, value: JSON.stringify(value) ?? '', message });
  const parsed = parseIndex(file, join(folder, file), report);
  if (!parsed) return undefined;
  if (!isRecord(parsed.value)) {
    report(1, 'index', parsed.value, 'must be names of entities with their files');
    return undefined;
  }
  // The schema checker ignores keys that every object inherits.
  for (const key of Object.keys(parsed.value))
    if (key in Object.prototype) report(parsed.lineOf([key]), key, key, unknownKey([key]));
  const bad = reportIssues(v.safeParse(schema, parsed.value).issues ?? [], parsed, report);
  for (const key of reportForeign(folder, parsed, report)) bad.add(key);
  // The files of the valid entries are read all the same, so that their issues are reported, too.
  const sound = Object.entries(parsed.value).filter(([key]) => !bad.has(key));
  const data = v.parse(schema, Object.fromEntries(sound));
  const listed = Object.entries(data as Readonly<Record<string, unknown>>).filter(
    ([name, some]) => ENTITY_NAMES.has(name) && some !== undefined,
  );
  const missing = [...bad]
    .filter((key) => ENTITY_NAMES.has(key) || !Object.hasOwn(schema.entries, key))
    .map((key) => ENTITY_NAMES.get(closestName(key, [...ENTITY_NAMES.keys()])));
  return {
    ...(data as unknown as Settings),
    files: new Map(listed as [string, ListedFile[]][]),
    removed: Object.entries(data.removed).flatMap(([entity, keys = []]) =>
      keys.map((key, index) => ({
        entity,
        key,
        origin: place(file, parsed.lineOf(['removed', entity, index])),
      })),
    ),
    missing: missing as (new () => object)[],
  };
}

function place(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type ReportAt = (line: number | undefined, key: string, value: unknown, message: string) => void;

/** @returns the outermost keys of the entries with issues */
function reportIssues(
  issues: readonly v.BaseIssue<unknown>[],
  { value, lineOf }: Parsed,
  report: ReportAt,
): Set<string> {
  const bad = new Set<string>();
  for (const { type, path = [], message } of issues) {
    const keys = path.map(({ key }) => key as PropertyKey);
    bad.add(String(keys[0]));
    const part =
      type === 'never' ? keys.at(-1) : keys.reduce<unknown>((some, key) => Object(some)[key], value);
    report(lineOf(keys), keys.join('.'), part, type === 'never' ? unknownKey(keys) : message);
  }
  return bad;
}

/**
 * Reports files and folders that do not lie within the folder of the index: their lines would stand in messages.
 * @returns the outermost keys that name them
 */
function reportForeign(folder: string, { value, lineOf }: Parsed, report: ReportAt): Set<string> {
  const foreign = new Set<string>();
  for (const [key, given] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    if (!ENTITY_NAMES.has(key) && !FOLDERS_AND_TABLES.includes(key)) continue;
    for (const [index, one] of [given].flat().entries()) {
      const file = isRecord(one) ? one.file : one;
      if (typeof file !== 'string' || !leadsOutOf(folder, file)) continue;
      foreign.add(key);
      report(
        lineOf([key, index]),
        key,
        file,
        'must lie within the folder of the index, also by what symbolic links lead to',
      );
    }
  }
  return foreign;
}

function unknownKey(keys: readonly PropertyKey[]): string {
  const allowed =
    keys.length === 1 ? schema.entries : keys[0] === 'removed' ? Object.fromEntries(ENTITY_NAMES) : fields;
  return `is unknown; did you mean ${closestName(String(keys.at(-1)), Object.keys(allowed))}?`;
}

function parseIndex(file: string, path: string, report: ReportAt): Parsed | undefined {
  try {
    const text = readBounded(path).toString('utf8');
    return file.endsWith('.toml')
      ? { value: parseToml(text), lineOf: ([key]) => tomlLine(text, String(key)) }
      : parseYaml(text, report);
  } catch (error) {
    const line = error instanceof TomlError ? error.line : undefined;
    report(line, 'file', file, `cannot be read: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
}

/** The line on which an entry begins; the parser keeps no positions. */
function tomlLine(text: string, key: string): number | undefined {
  const entry = new RegExp(`^\\s*\\[{0,2}\\s*["']?${key.replace(/\W/g, '\\$&')}["']?\\s*[=.\\]]`);
  const index = text.split('\n').findIndex((line) => entry.test(line));
  return index < 0 ? undefined : index + 1;
}

function parseYaml(text: string, report: ReportAt): Parsed | undefined {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  for (const { pos, message } of document.errors)
    report(lineCounter.linePos(pos[0]).line, 'yaml', text.slice(...pos).slice(0, 40), message);
  if (document.errors.length > 0) return undefined;
  const lineOf: LineOf = (keys) => {
    // A single file is checked as a list of one: its line is that of the entry around it.
    for (let length = keys.length; length > 0; length -= 1) {
      const node = document.getIn(keys.slice(0, length), true);
      if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
    }
    return undefined;
  };
  return { value: document.toJS(), lineOf };
}
