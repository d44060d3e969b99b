import { randomUUID } from 'node:crypto';
import type { Spool } from '../../src/index.js';

/** Rows that observations refer to. */
export interface Origin {
  readonly obsUnitId: number;
  readonly instrumentModuleId: number;
  readonly sourceLocationId: number;
}

/** The acknowledged calls of an observation. */
export interface Observed {
  readonly id: string;
  readonly fileIds: readonly string[];
  /** Null: it was only started. */
  readonly packageId: string | null;
}

/** Called for each acknowledged call, with its duration [ms]. */
export type OnCall = (what: 'start' | 'files' | 'package' | 'end', ms: number) => void;

/** An observation as a telescope files it: its start, its files, their package, its end. */
export async function observe(
  spool: Spool,
  { obsUnitId, instrumentModuleId, sourceLocationId }: Origin,
  index: number,
  count: number,
  ofCall: number,
  onCall: OnCall = () => {},
): Promise<Observed> {
  const timed = async <T>(what: Parameters<OnCall>[0], call: () => Promise<T>): Promise<T> => {
    const before = performance.now();
    const result = await call();
    onCall(what, performance.now() - before);
    return result;
  };
  const startTime = new Date(Date.UTC(2025, 11, 1) + index * 600_000);
  const endTime = new Date(startTime.getTime() + 500_000);
  const id = await timed('start', () => spool.startObservation({ obsUnitId, startTime }));
  const of = { executedObsUnitId: id, instrumentModuleId, sourceLocationId };
  const files = Array.from({ length: count }, (_, number) => ({
    ...of,
    id: randomUUID(),
    relativePath: `20261201/${id}/${number}.fits`,
    sizeBytes: 22_000_000,
    fileType: 'fits',
    checksum: 'a'.repeat(64),
    checksumAlgorithm: 'sha256' as const,
    recordedAt: endTime,
  }));
  for (let start = 0; start < files.length; start += ofCall)
    await timed('files', () => spool.fileRawDataFiles(files.slice(start, start + ofCall)));
  const packageId = randomUUID();
  const fileIds = files.map((file) => file.id);
  await timed('package', () => spool.fileRawDataPackage({ ...of, id: packageId, fileIds }));
  await timed('end', () => spool.finishObservation({ id, obsUnitId, endTime, pwvMm: 0.5 }));
  return { id, fileIds, packageId };
}
