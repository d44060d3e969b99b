import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { snakeCase } from '../entities/snake-case.js';
import { composed } from '../values/text.js';
import { CellError, parseCell } from './cell.js';
import type { Cells, Converter, Report } from './converter.js';
import type { CsvRecord } from './csv.js';
import { type Header, readHeader } from './header.js';
import type { IssueList } from './issue-list.js';
import { keyText } from './natural-key.js';
import type { TableStep } from './table-step.js';

/** One row of a data file. */
export interface SeedRow {
  /** Origin of the row: file and line. */
  readonly origin: string;
  /** The natural key as one text, as references to the row are written. */
  readonly key: string;
  /** Values by property; a property is missing where the database shall fill in its default. */
  readonly values: Readonly<Record<string, unknown>>;
  /** By relation, the natural key of the row that is referred to, or null. */
  readonly references: ReadonlyMap<RelationMetadata, string | null>;
  /** By many-to-many relation, the natural keys of the rows that are linked. */
  readonly links: ReadonlyMap<RelationMetadata, readonly string[]>;
}

/** The table that a data file is read into: an entity and its natural key. */
export interface KeyedTable {
  readonly step: TableStep;
  readonly metadata: EntityMetadata;
}

/** The rows that were found in the files of one run so far: only the natural key and the line of each. */
export class Found {
  /** By table and file, the lines of the rows by natural key, invalid rows included. */
  private readonly lines = new Map<string, Map<string, Map<string, number>>>();
  /** Tables with rows that were skipped because their key could not be read. */
  private readonly gaps = new Set<string>();

  /** Records the line of a row. */
  add({ tablePath }: EntityMetadata, key: string, file: string, line: number): void {
    const files = this.lines.get(tablePath) ?? new Map<string, Map<string, number>>();
    const lines = files.get(file) ?? new Map<string, number>();
    this.lines.set(tablePath, files.set(file, lines.set(key, line)));
  }

  /** The file and line of a row; undefined where no file has it. */
  placeOf({ tablePath }: EntityMetadata, key: string): string | undefined {
    for (const [file, lines] of this.lines.get(tablePath) ?? []) {
      const line = lines.get(key);
      if (line !== undefined) return `${file}:${line}`;
    }
    return undefined;
  }

  /** The natural keys of the rows that the files have of a table. */
  *keysOf({ tablePath }: EntityMetadata): Generator<string> {
    for (const lines of this.lines.get(tablePath)?.values() ?? []) yield* lines.keys();
  }

  /** Records that files have rows of the table that could not be read. */
  leaveGap({ tablePath }: EntityMetadata): void {
    this.gaps.add(tablePath);
  }

  /** Whether a row that is not in the database may be one of those with an issue of its own. */
  mayHave(metadata: EntityMetadata, key: string): boolean {
    return this.gaps.has(metadata.tablePath) || this.placeOf(metadata, key) !== undefined;
  }
}

/** Options of one data file. */
export interface FileOptions {
  readonly converters?: readonly Converter[];
  /** Values of columns that the file does not have. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** The line that names the columns. */
  readonly headerLine?: number;
  /** The syntax of a line in a file without columns. */
  readonly lineShape?: string;
}

/** Reads the rows of one data file, and reports their issues. */
export class RowReader {
  private readonly header: Header;
  private readonly cellsGiven: readonly [string, string][];
  private readonly keyNames: readonly string[];

  /** @param names the columns of the file */
  constructor(
    private readonly file: string,
    private readonly target: KeyedTable,
    private readonly names: readonly string[],
    private readonly found: Found,
    private readonly issues: IssueList,
    private readonly options: FileOptions = {},
  ) {
    const { converters = [], defaults = {}, headerLine = 1 } = options;
    this.cellsGiven = Object.entries(defaults).filter(([name]) => !names.includes(name));
    this.keyNames = target.step.key.map(snakeCase);
    const all = [...names, ...this.cellsGiven.map(([name]) => name)];
    this.header = readHeader(all, target.metadata, converters, (key, value, message) =>
      issues.report({ origin: `${file}:${headerLine}`, key, value, message }),
    );
  }

  /** @returns undefined where the line has an issue, or is no row of the table */
  read({ record, info }: CsvRecord): SeedRow | undefined {
    if (record.every((text) => text === '')) return undefined;
    const origin = `${this.file}:${info.lines}`;
    const before = this.issues.count;
    const report: Report = (key, value, message) =>
      this.issues.report({ origin, key, value: JSON.stringify(value), message });
    let cells: Cells | null = this.cells(record, report);
    for (const converter of this.header.converters) {
      const converted: Cells | null = cells && converter.convert(cells, report);
      cells = converted && { ...cells, ...converted };
    }
    if (!cells) return undefined;
    const row = this.row(info.lines, cells, report);
    const isSound = this.issues.count === before && this.header.isComplete;
    return isSound && row ? row : undefined;
  }

  private cells(given: readonly string[], report: Report): Cells {
    const record = withoutEmptyEnd(given, this.names.length);
    // Column names come from users, so the object must have no inherited properties.
    const cells: Record<string, string | undefined> = Object.assign(
      Object.create(null),
      Object.fromEntries(this.cellsGiven),
    );
    const isWhole = record.length === this.names.length;
    if (!isWhole)
      report(
        'line',
        record.join(','),
        this.options.lineShape ?? `must have ${this.names.length} cells, not ${record.length}`,
      );
    for (const [index, name] of this.names.entries()) {
      // A missing cell shifts the others: their issues would only hide that. The key mostly comes first.
      const text = record[index];
      if (name === '' && text) report('column', text, 'stands in a column without a name');
      cells[name] = isWhole || this.keyNames.includes(name) ? text && composed(text) : undefined;
      if (!cells[name]?.includes('\uFFFD')) continue;
      report(name, cells[name], 'must be in UTF-8; the file is perhaps in Windows-1252 or Latin-1');
      cells[name] = undefined;
    }
    return cells;
  }

  private row(line: number, cells: Cells, report: Report): SeedRow | undefined {
    const values: Record<string, unknown> = {};
    for (const [name, column] of this.header.columns) {
      const value = cellValue(cells[name], column, report);
      if (value !== undefined) values[column.propertyName] = value;
    }
    const references = new Map<RelationMetadata, string | null>();
    const links = new Map<RelationMetadata, string[]>();
    for (const [name, relation] of this.header.relations) {
      const text = cells[name];
      if (text === undefined) continue;
      if (relation.isManyToMany) links.set(relation, listOf(text));
      else references.set(relation, text || null);
      if (text === '' && relation.isManyToOne && !relation.isNullable)
        report(name, text, 'must not be empty');
    }
    const key = this.keyOf(values, references);
    if (key === undefined) {
      this.found.leaveGap(this.target.metadata);
      return undefined;
    }
    const { metadata } = this.target;
    const first = this.found.placeOf(metadata, key);
    if (first === undefined) this.found.add(metadata, key, this.file, line);
    else report(this.keyNames.join(', '), key, `stands in ${first} already`);
    return { origin: `${this.file}:${line}`, key, values, references, links };
  }

  private keyOf(
    values: Readonly<Record<string, unknown>>,
    references: ReadonlyMap<RelationMetadata, string | null>,
  ): string | undefined {
    const { step, metadata } = this.target;
    const parts = step.key.map((part) => {
      const relation = metadata.findRelationWithPropertyPath(part);
      return relation ? references.get(relation) : values[part];
    });
    return parts.includes(undefined) || parts.includes(null) ? undefined : parts.map(keyText).join('/');
  }
}

function cellValue(text: string | undefined, column: ColumnMetadata, report: Report): unknown {
  if (text === undefined) return undefined;
  try {
    return parseCell(text, column);
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    report(column.databaseName, text, error.message);
    return undefined;
  }
}

/** A line without surplus empty cells at its end, which spreadsheets write. */
function withoutEmptyEnd(record: readonly string[], columns: number): readonly string[] {
  return record.slice(columns).every((text) => text === '') ? record.slice(0, columns) : record;
}

/** The parts of a cell that lists several names. */
export function listOf(text: string): string[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean);
}
