import { createReadStream, type ReadStream, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { leadsOutOf } from '../../bounded-file.js';
import type { Issue } from '../../errors.js';
import { CSV_OPTIONS, type CsvRecord } from '../../tabular/csv.js';
import type { IssueList } from '../../tabular/issue-list.js';
import { type Input, InputFormat } from './input.js';
import { KOSMA_COLUMNS, KosmaError, kosmaRecord } from './kosma.js';

/** Called with how much of a file has been read [byte]. */
export type OnBytes = (bytes: number) => void;

/** Callbacks for the reading of a file. */
export interface Listeners {
  readonly onBytes?: OnBytes;
  /** Called when lines could not be read. */
  readonly onGap?: () => void;
}

/** The lines of a file, of which the first names the columns. Those that cannot be read are reported and left out. */
export async function* recordsOf(
  { file, path, format, within }: Pick<Input, 'file' | 'path' | 'format' | 'within'>,
  issues: IssueList,
  { onBytes = () => {}, onGap = () => {} }: Listeners = {},
): AsyncGenerator<CsvRecord> {
  const unreadable = reasonAgainst(path, within) ?? (await otherEncoding(path));
  if (unreadable !== undefined) {
    onGap();
    issues.report({ origin: file, key: 'file', value: file, message: `cannot be read: ${unreadable}` });
    return;
  }
  // Nothing is awaited between this and the first read: otherwise an error of opening would have no listener.
  const stream = createReadStream(path);
  let counted = 0;
  const progress = () => {
    onBytes(stream.bytesRead - counted);
    counted = stream.bytesRead;
  };
  const onIssue = (line: number, issue: LineError) => {
    onGap();
    issues.report({ origin: `${file}:${line}`, ...issue });
  };
  try {
    for await (const record of format === InputFormat.KOSMA
      ? kosmaLines(stream, onIssue)
      : csvLines(stream, onIssue)) {
      yield record;
      progress();
    }
    progress();
  } catch (error) {
    onGap();
    const message = `cannot be read: ${(error as Error).message}`;
    issues.report({ origin: file, key: 'file', value: file, message });
  } finally {
    stream.destroy();
  }
}

/** Why a file is not read: it is no regular file, or lies outside of the folder of the index. */
function reasonAgainst(path: string, within: string | undefined): string | undefined {
  if (within !== undefined && leadsOutOf(within, path)) return 'it lies outside of the folder of the index';
  const found = statSync(path, { throwIfNoEntry: false });
  return found && !found.isFile() && !found.isDirectory()
    ? 'it is no file, but a device or a pipe'
    : undefined;
}

/** Why a file cannot be read: it begins with the mark of an encoding other than UTF-8. */
async function otherEncoding(path: string): Promise<string | undefined> {
  const handle = await open(path).catch(() => undefined);
  // The stream reports a file that cannot be opened.
  if (!handle) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const start = buffer.subarray(0, bytesRead).toString('hex');
    const encoding = ENCODINGS.find(([mark]) => start.startsWith(mark))?.[1];
    return encoding && `it is in ${encoding}; save it as UTF-8`;
  } finally {
    await handle.close();
  }
}

/** The marks at the start of a file by which its encoding is known. */
const ENCODINGS = [
  ['fffe0000', 'UTF-32 (little endian)'],
  ['0000feff', 'UTF-32 (big endian)'],
  ['fffe', 'UTF-16 (little endian)'],
  ['feff', 'UTF-16 (big endian)'],
] as const;

type LineError = Omit<Issue, 'origin'>;

const QUOTE_HINT = 'put the whole cell in quotes and double those within';
const BROKEN: ReadonlyMap<string, string> = new Map([
  ['INVALID_OPENING_QUOTE', `has a quote within a cell: ${QUOTE_HINT}`],
  ['CSV_INVALID_CLOSING_QUOTE', `has text after a closing quote: ${QUOTE_HINT}`],
  ['CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE', `has text after a closing quote: ${QUOTE_HINT}`],
  ['CSV_QUOTE_NOT_CLOSED', 'has a quote that is never closed'],
  ['CSV_MAX_RECORD_SIZE', `is longer than ${CSV_OPTIONS.max_record_size} characters; is a quote not closed?`],
]);

/** Errors that are noticed long after the line on which they begin. */
const ENDLESS = ['CSV_QUOTE_NOT_CLOSED', 'CSV_MAX_RECORD_SIZE'];

/** After other issues the parser does not know whether it is within quotes. */
const RECOVERED = ['INVALID_OPENING_QUOTE'];

function csvLines(
  stream: ReadStream,
  onIssue: (line: number, issue: LineError) => void,
): AsyncIterable<CsvRecord> {
  let last = 0;
  let isLost = false;
  const parser = parse({
    ...CSV_OPTIONS,
    skip_records_with_error: true,
    on_record: (record, { lines }) => {
      last = lines;
      return isLost ? null : record;
    },
    on_skip: (error): undefined => {
      if (isLost || !error) return;
      const { code, lines } = error as CsvError & { lines: number };
      isLost = !RECOVERED.includes(code);
      const line = ENDLESS.includes(code) ? last + 1 : lines;
      const rest = isLost ? '; the lines after it were not read' : '';
      onIssue(line, {
        key: 'line',
        value: String(line),
        message: `${BROKEN.get(code) ?? error.message}${rest}`,
      });
    },
  });
  // Errors of the stream reach the reader of the parser.
  return pipeline(
    untilLost(stream, () => isLost),
    parser,
    () => {},
  ) as unknown as AsyncIterable<CsvRecord>;
}

/** Stops reading after such an error: a line could be as long as the rest of the file. */
async function* untilLost(stream: ReadStream, isLost: () => boolean): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    if (isLost()) return;
    yield chunk;
  }
}

async function* linesOf(stream: ReadStream): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    // A carriage return at the end may be the first half of a line end.
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > CSV_OPTIONS.max_record_size)
      throw new RangeError(`a line is longer than ${CSV_OPTIONS.max_record_size} characters`);
    yield* lines;
  }
  if (rest !== '') yield rest.replace(/\r$/, '');
}

async function* kosmaLines(
  stream: ReadStream,
  onIssue: (line: number, issue: LineError) => void,
): AsyncGenerator<CsvRecord> {
  yield { record: KOSMA_COLUMNS, info: { lines: 1 } };
  let lines = 0;
  for await (const line of linesOf(stream)) {
    lines += 1;
    try {
      const record = kosmaRecord(line);
      if (record) yield { record, info: { lines } };
    } catch (error) {
      if (!(error instanceof KosmaError)) throw error;
      onIssue(lines, { key: 'line', value: JSON.stringify(line), message: error.message });
    }
  }
}
