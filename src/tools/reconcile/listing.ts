import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { OpsDbError } from '../../errors.js';

/** A file as the storage lists it. */
export interface Listed {
  /** Path below the root of the location. */
  readonly path: string;
  readonly sizeBytes: number;
  /** In hexadecimal digits, where the storage knows it. */
  readonly checksum?: string;
}

/** Columns of an inventory, in the order in which Amazon S3 writes them where nobody says otherwise. */
export const INVENTORY_COLUMNS = ['Bucket', 'Key', 'Size'];

/**
 * Reads a listing, also one that is packed with gzip, in lists of some thousand files. A line is `path TAB size`, with `TAB checksum`
 * where it is known; or a line of an inventory of S3, which begins with a quotation mark.
 * @param columns of the inventory; others than Key, Size, IsLatest and IsDeleteMarker are passed over
 * @throws OpsDbError `input_invalid` with the number of a line that is neither
 */
export async function* readListing(
  input: Readable,
  columns: readonly string[] = INVENTORY_COLUMNS,
): AsyncGenerator<Listed[]> {
  const place = { key: columns.indexOf('Key'), size: columns.indexOf('Size') };
  if (place.key < 0 || place.size < 0)
    throw new OpsDbError(
      'input_invalid',
      `columns are ${columns.join(', ')}; Key and Size must be among them`,
    );
  const isOld = (cells: readonly string[]) =>
    cells[columns.indexOf('IsLatest')] === 'false' || cells[columns.indexOf('IsDeleteMarker')] === 'true';
  let number = 0;
  for await (const lines of linesOf(input)) {
    const files: Listed[] = [];
    for (const line of lines) {
      number += 1;
      if (line === '') continue;
      if (line.startsWith('"')) {
        const cells = cellsOf(line);
        if (!isOld(cells))
          files.push(checked(decoded(cells[place.key]), cells[place.size], undefined, number));
      } else {
        const [path, size, checksum] = line.split('\t');
        files.push(checked(path, size, checksum, number));
      }
    }
    yield files;
  }
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
      path: path.startsWith('./') ? path.slice(2) : path,
      sizeBytes,
      checksum: checksum?.trim().toLowerCase(),
    };
  throw new OpsDbError(
    'input_invalid',
    `line ${number} of the listing has the path ${path ?? 'missing'} and the size ${size ?? 'missing'}; a line must be: path, ` +
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

async function* linesOf(input: Readable): AsyncGenerator<string[]> {
  let rest = '';
  for await (const chunk of (await unpacked(input)).setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
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
