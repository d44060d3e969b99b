import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { OpsDbError } from '../../errors.js';
import { shown } from '../../values/shown.js';
import type { Buckets } from './buckets.js';
import { LINE_BREAK, TAB } from './bytes.js';

/** Columns of an inventory, in the order in which Amazon S3 writes them where nobody says otherwise. */
export const INVENTORY_COLUMNS = ['Bucket', 'Key', 'Size'];

/** Far more than a path can have. */
const LONGEST_LINE_BYTES = 65_536;
/** Digits of a number that is exact in any case. */
const MOST_DIGITS = 15;
const [QUOTE, DOT, ZERO, NINE, A, F] = [0x22, 0x2e, 0x30, 0x39, 0x61, 0x66];

/**
 * Reads a listing, also one that is packed with gzip, into buckets, as lines `path TAB size` with `TAB checksum` where it is known. A line
 * of a listing is that, too, or one of an inventory of S3, which begins with a quotation mark.
 * @param columns of the inventory; others than Key, Size, IsLatest and IsDeleteMarker are passed over
 * @returns how many files it lists
 * @throws OpsDbError `input_invalid` with the number of a line that is neither
 */
export async function readListing(
  input: Readable,
  buckets: Buckets,
  columns: readonly string[] = INVENTORY_COLUMNS,
): Promise<number> {
  const fileOf = readerOf(columns);
  let [number, files] = [0, 0];
  for await (const lines of wholeLines(input)) {
    for (let start = 0; start < lines.length; ) {
      number += 1;
      const pathEnd = plainPathEnd(lines, start);
      const plain = pathEnd < 0 ? -1 : plainEnd(lines, pathEnd + 1);
      if (plain >= 0) {
        buckets.add(lines, start, pathEnd, plain);
        files += 1;
        start = plain + 1;
        continue;
      }
      const end = lines.indexOf(LINE_BREAK, start);
      const file = fileOf(lines.toString('utf8', start, end), number);
      if (file) {
        buckets.addText(file.path, file.rest);
        files += 1;
      }
      start = end + 1;
    }
  }
  return files;
}

/** A path without line breaks and tabulators, for a line of a bucket. */
export function onOneLine(path: string): string {
  return /[\t\n]/.test(path) ? path.replace(/[\t\n]/g, encodeURIComponent) : path;
}

/**
 * The end of the path in a line that can be taken as it is, as nearly all can.
 * @returns -1 for a line that has to be looked at
 */
function plainPathEnd(lines: Buffer, start: number): number {
  const first = lines[start];
  if (first === QUOTE || first === DOT || first === TAB) return -1;
  let at = start;
  while (lines[at] !== TAB && lines[at] !== LINE_BREAK) at++;
  return lines[at] === TAB ? at : -1;
}

/**
 * The end of a line whose size, from `start` on, and checksum can be taken as they are.
 * @returns -1 for one that has to be looked at
 */
function plainEnd(lines: Buffer, start: number): number {
  let at = start;
  while (isDigit(lines[at])) at++;
  const isPlain = at > start && at - start <= MOST_DIGITS && (lines[start] !== ZERO || at === start + 1);
  if (!isPlain || lines[at] === LINE_BREAK) return isPlain ? at : -1;
  if (lines[at] !== TAB) return -1;
  at++;
  while (isDigit(lines[at]) || ((lines[at] as number) >= A && (lines[at] as number) <= F)) at++;
  return lines[at] === LINE_BREAK ? at : -1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** A file as a line tells of it. */
interface Listed {
  readonly path: string;
  /** Size and checksum, with a tabulator before each. */
  readonly rest: string;
}

/** What reads any line; nothing comes of one that is empty or lists an old version. */
function readerOf(columns: readonly string[]): (line: string, number: number) => Listed | undefined {
  const place = { key: columns.indexOf('Key'), size: columns.indexOf('Size') };
  if (place.key < 0 || place.size < 0)
    throw new OpsDbError(
      'input_invalid',
      `columns are ${columns.join(', ')}; Key and Size must be among them`,
    );
  const isOld = (cells: readonly string[]) =>
    cells[columns.indexOf('IsLatest')] === 'false' || cells[columns.indexOf('IsDeleteMarker')] === 'true';
  return (line, number) => {
    if (line === '') return undefined;
    if (!line.startsWith('"')) {
      const [path, size, checksum] = line.split('\t');
      return checked(path, size, checksum, number);
    }
    const cells = cellsOf(line);
    return isOld(cells)
      ? undefined
      : checked(decoded(cells[place.key]), cells[place.size], undefined, number);
  };
}

function checked(
  path: string | undefined,
  size: string | undefined,
  checksum: string | undefined,
  number: number,
): Listed {
  const sizeBytes = size === undefined || size === '' ? Number.NaN : Number(size);
  if (path && Number.isSafeInteger(sizeBytes) && sizeBytes >= 0)
    return {
      path: onOneLine(path.startsWith('./') ? path.slice(2) : path),
      rest: `\t${sizeBytes}${checksum === undefined ? '' : `\t${checksum.trim().toLowerCase()}`}`,
    };
  throw new OpsDbError(
    'input_invalid',
    `line ${number} of the listing has the path ${path ? shown(path) : 'missing'} and the size ${size ? shown(size) : 'missing'}; a line must be: path, ` +
      `tabulator, size in bytes, and where it is known tabulator, checksum (find . -type f -printf '%P\\t%s\\n'); or a line of an S3 inventory`,
  );
}

/** Cells in quotation marks, in which a quotation mark is doubled. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"]|"")*)"(?:,|\r?$)/g)].map(([, cell = '']) => cell.replaceAll('""', '"'));
}

/** Keys are encoded as in the query of a URL. */
function decoded(key: string | undefined): string | undefined {
  if (key === undefined || !/[%+]/.test(key)) return key;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

/** Lines with the break at the end of each; the last one of the input gets it where it has none. */
async function* wholeLines(input: Readable): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of await unpacked(input)) {
    const bytes = Buffer.concat([rest, bytesOf(chunk)]);
    const end = bytes.lastIndexOf(LINE_BREAK) + 1;
    rest = bytes.subarray(end);
    if (rest.length > LONGEST_LINE_BYTES)
      throw new OpsDbError(
        'input_invalid',
        `the listing has a line of more than ${LONGEST_LINE_BYTES} bytes, which begins with ${shown(rest.toString('utf8', 0, LONGEST_LINE_BYTES))}`,
      );
    yield bytes.subarray(0, end);
  }
  if (rest.length > 0) yield Buffer.concat([rest, Buffer.of(LINE_BREAK)]);
}

function bytesOf(chunk: string | Buffer): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** Looks at the first bytes for the mark of gzip. */
async function unpacked(input: Readable): Promise<Readable> {
  const chunks = input[Symbol.asyncIterator]();
  const first = await chunks.next();
  const beginning = first.done ? Buffer.alloc(0) : bytesOf(first.value);
  const whole = Readable.from(
    (async function* () {
      yield beginning;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield bytesOf(next.value);
    })(),
    { objectMode: false },
  );
  if (beginning[0] !== 0x1f || beginning[1] !== 0x8b) return whole;
  const gunzip = createGunzip();
  whole.on('error', (error) => gunzip.destroy(error));
  return whole.pipe(gunzip);
}
