import { closest } from 'fastest-levenshtein';
import { nearest } from '../../nearest.js';
import type { Converter, Report } from '../../tabular/converter.js';
import type { IssueList } from '../../tabular/issue-list.js';
import { InputFormat } from './input.js';
import { recordsOf } from './records.js';

/** A file whose lines belong together by the name in one of its columns. */
export interface NamedTable {
  readonly file: string;
  readonly path: string;
}

interface Shape {
  /** The column with the name. */
  readonly name: string;
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
  /** Whether a name may have several lines. */
  readonly isList: boolean;
}

/** The keys that the planner writes for the patterns pong and daisy. */
const MAPPING: Shape = {
  name: 'mapping',
  texts: ['name'],
  numbers: [
    'onsky_velocity',
    'width',
    'height',
    'angle',
    'angle_var',
    'spacing',
    'num_terms',
    'R0',
    'Rt',
    'Ra',
  ],
  isList: false,
};

const AZIMUTH: Shape = {
  name: 'azimuth_table',
  texts: [],
  numbers: ['elevation', 'az_min', 'az_max', 'duration'],
  isList: true,
};

type Entry = Readonly<Record<string, string | number>>;

/**
 * Makes the parameters of an obs unit's scan out of `mapping`, a name in the table of mapping parameters, whose
 * columns are `mapping`, `name` (the pattern) and the keys of the patterns.
 * @param table undefined where there is none
 */
export async function mappings(table: NamedTable | undefined, issues: IssueList): Promise<Converter> {
  const sets = await readTable(table, MAPPING, issues);
  return named('mapping', 'mapping_parameters', sets, ([first]) => first ?? {});
}

/**
 * Makes the azimuth ranges of a configuration out of `azimuth_table`, a name in the azimuth table, whose columns are
 * `azimuth_table`, `elevation`, `az_min`, `az_max` [deg] and `duration` [s].
 * @param table undefined where there is none
 */
export async function azimuthTables(table: NamedTable | undefined, issues: IssueList): Promise<Converter> {
  const sets = await readTable(table, AZIMUTH, issues);
  return named('azimuth_table', 'azimuth_ranges', sets, (entries) => entries);
}

function named(
  column: string,
  gives: string,
  sets: ReadonlyMap<string, readonly Entry[]>,
  valueFrom: (entries: readonly Entry[]) => unknown,
): Converter {
  return {
    takes: [column],
    gives: [gives],
    convert({ [column]: name }, report) {
      if (!name) return { [gives]: name };
      const entries = sets.get(name);
      if (entries) return { [gives]: JSON.stringify(valueFrom(entries)) };
      report(column, name, `stands in no table of the index${nearest(name, sets.keys())}`);
      return { [gives]: undefined };
    },
  };
}

async function readTable(
  table: NamedTable | undefined,
  shape: Shape,
  issues: IssueList,
): Promise<Map<string, Entry[]>> {
  const sets = new Map<string, Entry[]>();
  if (!table) return sets;
  const allowed = [shape.name, ...shape.texts, ...shape.numbers];
  let names: readonly string[] | undefined;
  for await (const { record, info } of recordsOf({ ...table, format: InputFormat.CSV }, issues)) {
    const report: Report = (key, value, message) =>
      issues.report({ origin: `${table.file}:${info.lines}`, key, value: JSON.stringify(value), message });
    if (!names) {
      names = record;
      for (const name of names)
        if (!allowed.includes(name))
          report('column', name, `is unknown; did you mean ${closest(name, allowed)}?`);
      if (!names.includes(shape.name)) report('column', shape.name, 'is missing');
      continue;
    }
    if (record.length !== names.length)
      report('line', record.join(','), `must have ${names.length} cells, not ${record.length}`);
    const set = record[names.indexOf(shape.name)] ?? '';
    const entries = sets.get(set) ?? [];
    if (entries.length > 0 && !shape.isList) report(shape.name, set, 'stands in the table twice');
    entries.push(entryOf(names, record, shape, report));
    sets.set(set, entries);
  }
  return sets;
}

/** The cells of a line that are not empty, by column. */
function entryOf(names: readonly string[], record: readonly string[], shape: Shape, report: Report): Entry {
  const entry: Record<string, string | number> = {};
  for (const [index, name] of names.entries()) {
    const text = record[index] ?? '';
    if (name === shape.name || text === '') continue;
    const isNumber = shape.numbers.includes(name);
    if (isNumber && !Number.isFinite(Number(text))) report(name, text, 'must be a number');
    else entry[name] = isNumber ? Number(text) : text;
  }
  return entry;
}
