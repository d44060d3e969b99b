import { createReadStream, type ReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { CSV_OPTIONS, type CsvRecord } from '../seed/csv.js';
import type { FaultList } from '../seed/fault-list.js';
import { type Input, InputFormat } from './input.js';
import { KOSMA_COLUMNS, kosmaRecord } from './kosma.js';

/** Called with how much of a file has been read [byte]. */
export type OnBytes = (bytes: number) => void;

/** The lines of a file, of which the first names the columns. A file that cannot be read ends, with a fault. */
export async function* recordsOf(
  { file, path, format }: Pick<Input, 'file' | 'path' | 'format'>,
  faults: FaultList,
  onBytes: OnBytes = () => {},
): AsyncGenerator<CsvRecord> {
  const stream = createReadStream(path);
  const counted = { bytes: 0 };
  const progress = () => {
    onBytes(stream.bytesRead - counted.bytes);
    counted.bytes = stream.bytesRead;
  };
  try {
    for await (const record of format === InputFormat.KOSMA ? kosmaLines(stream) : csvLines(stream)) {
      yield record;
      progress();
    }
    progress();
  } catch (error) {
    faults.report(faultOf(error as Error, file));
  } finally {
    stream.destroy();
  }
}

function csvLines(stream: ReadStream): AsyncIterable<CsvRecord> {
  // What is wrong with the stream arrives at the parser's reader.
  return pipeline(stream, parse(CSV_OPTIONS), () => {}) as unknown as AsyncIterable<CsvRecord>;
}

async function* kosmaLines(stream: ReadStream): AsyncGenerator<CsvRecord> {
  yield { record: KOSMA_COLUMNS, info: { lines: 1 } };
  let lines = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    lines += 1;
    const record = kosmaRecord(line);
    if (record) yield { record, info: { lines } };
  }
}

function faultOf(error: Error, file: string) {
  if (error instanceof CsvError) {
    const { lines } = error as CsvError & { lines?: number };
    return { origin: `${file}:${lines ?? 1}`, key: 'line', value: error.code, message: error.message };
  }
  return { origin: file, key: 'file', value: file, message: `cannot be read: ${error.message}` };
}
