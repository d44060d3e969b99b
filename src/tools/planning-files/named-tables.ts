import { SCAN_PATTERNS } from '../../entities/scan-patterns.js';
import type { KeyRule } from '../../entities/scan-rules.js';
import { closestName, nearest } from '../../nearest.js';
import type { Converter, Report } from '../../tabular/converter.js';
import type { IssueList } from '../../tabular/issue-list.js';
import { parseNumber } from '../../tabular/number.js';
import { listOf } from '../../tabular/row-reader.js';
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
  /** How the cells of the other columns are read. */
  readonly columns: ReadonlyMap<string, Cell>;
  /** Whether a name may have several lines. */
  readonly isList: boolean;
}

/** The parser of a cell, and the message for an invalid one. */
interface Cell {
  readonly read: (text: string) => unknown;
  readonly otherwise: string;
}

const TEXT: Cell = { read: (text) => text, otherwise: '' };
const NUMBER: Cell = { read: parseNumber, otherwise: 'must be a number' };
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

const CELLS: Readonly<Record<KeyRule['type'], Cell>> = {
  label: TEXT,
  choice: TEXT,
  instant: TEXT,
  footprint: TEXT,
  number: NUMBER,
  integer: NUMBER,
  boolean: { read: (text) => FLAGS.get(text), otherwise: 'must be true or false' },
  window: { read: listOf, otherwise: '' },
  null: { read: (text) => (text === 'null' ? null : parseNumber(text)), otherwise: 'must be null' },
};

/** The keys of all scan patterns; which of them a set may have is checked where a unit uses it. */
const MAPPING: Shape = {
  name: 'mapping',
  columns: new Map(
    Object.values(SCAN_PATTERNS).flatMap(({ keys }) =>
      Object.entries<KeyRule>(keys).map(([key, { type }]) => [key, CELLS[type]] as const),
    ),
  ),
  isList: false,
};

const AZIMUTH: Shape = {
  name: 'azimuth_table',
  columns: new Map(['elevation', 'az_min', 'az_max', 'duration'].map((key) => [key, NUMBER])),
  isList: true,
};

type Entry = Readonly<Record<string, unknown>>;

/**
 * Makes the parameters of an obs unit's scan out of `mapping`, a name in the table of mapping parameters, whose
 * columns are `mapping` and the keys of the patterns, of which `name` is the label of the set.
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
  const allowed = [shape.name, ...shape.columns.keys()];
  let names: readonly string[] | undefined;
  for await (const { record, info } of recordsOf({ ...table, format: InputFormat.CSV }, issues)) {
    const report: Report = (key, value, message) =>
      issues.report({ origin: `${table.file}:${info.lines}`, key, value: JSON.stringify(value), message });
    if (!names) {
      names = record;
      for (const name of names)
        if (!allowed.includes(name))
          report('column', name, `is unknown; did you mean ${closestName(name, allowed)}?`);
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
  const entry = new Map<string, unknown>();
  for (const [index, name] of names.entries()) {
    const text = record[index] ?? '';
    const cell = shape.columns.get(name);
    if (!cell || text === '') continue;
    const value = cell.read(text);
    if (value === undefined) report(name, text, cell.otherwise);
    else entry.set(name, value);
  }
  return Object.fromEntries(entry);
}
