import type { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { PhysicalCopyStatus, type PhysicalCopyType } from '../../entities/index.js';
import { transition } from '../../lifecycle/index.js';
import { COPY_KINDS } from '../../services/transfer/copy-kinds.js';
import { assertWhole } from '../../values/arguments.js';
import { BUCKETS, Buckets } from './buckets.js';
import { Comparison, type Findings } from './compare.js';
import { expectedAt } from './expected.js';
import { onOneLine, readListing } from './listing.js';

/** Options of {@link reconcile}. */
export interface ReconcileOptions {
  /** Key of the location that the listing is of. */
  readonly dataLocationId: number;
  /** Listing of the storage, see `docs/storage.md`. */
  readonly listing: Readable;
  /** When the listing was begun: copies that were changed later are passed over. All are compared where left out. */
  readonly listedAt?: Date;
  /** Names of the columns of an inventory of S3; by default Bucket, Key, Size. */
  readonly columns?: readonly string[];
  /** Service or operator, for the history; where given, safe corrections are made: see {@link Difference.isApplied}. */
  readonly applyAs?: string;
  /** How many differences of each kind are reported; by default 20. */
  readonly limit?: number;
}

/**
 * How a file differs: `missing`: the storage does not list a copy of the database; `dark`: the database has no copy for
 * a listed file; `different`: size or checksum differ.
 */
export type DifferenceKind = 'missing' | 'dark' | 'different';

/** One file that differs from the database. */
export interface Difference {
  /** Path below the root of the location. */
  readonly path: string;
  /** UUID of the copy; left out where there is none. */
  readonly copyId?: string;
  /** What it is a copy of; left out where there is none. */
  readonly type?: string;
  /** Status of the copy; left out where there is none. */
  readonly status?: string;
  /** Size as the storage lists it [byte]; left out where it does not list the file. */
  readonly listedBytes?: number;
  /** Size as the database has it [byte]; left out where it has no copy. */
  readonly expectedBytes?: number;
  /** What to do. */
  readonly todo: string;
  /** Whether it was done: a copy that was to be deleted and may go is noted as deleted, since it is gone. Nothing else is. */
  readonly isApplied: boolean;
}

/** Differences of one kind. */
export interface Differences {
  /** How many there are. */
  readonly files: number;
  /** Their size: of missing ones by the database, of all others by the storage [byte]. */
  readonly bytes: number;
  /** How many of them were corrected. */
  readonly applied: number;
  /** Some of them. */
  readonly some: readonly Difference[];
}

/** Result of {@link reconcile}. */
export interface Reconciliation extends Readonly<Record<DifferenceKind, Differences>> {
  /** Files that the storage lists. */
  readonly listed: number;
  /** Copies that the database has. */
  readonly expected: number;
  /** Files that agree with the database. */
  readonly same: number;
}

const { DELETION_SCHEDULED, DELETION_FAILED, DELETION_IN_PROGRESS, DELETED } = PhysicalCopyStatus;
const LEAVING: readonly string[] = [DELETION_SCHEDULED, DELETION_FAILED];

const TODO = {
  leaving: 'it was to be deleted and is gone: --apply notes it as deleted where it may go',
  inProgress: 'its deletion goes on: wait for its worker, or for releaseStaleDeletions',
  missing:
    'look for it; if it is gone, bring it here again from another copy, and never note the last one as deleted',
  dark: 'find out who wrote it: file it, or delete it by hand',
  different: 'compute its checksum; if it is damaged, bring it here again from another copy',
};

/**
 * Compares the listing of a storage with the copies that the database has there. Neither needs to be in any order; both
 * pass through temporary files, so that memory does not grow with them.
 * @throws OpsDbError `input_invalid` for a line that is none of a listing
 *
 * @example
 * import { Readable } from 'node:stream';
 * import { DataLocation } from 'ccat-ops-db';
 * import { reconcile } from 'ccat-ops-db/reconcile';
 *
 * const { id: dataLocationId } = await session.findOneByOrFail(DataLocation, { name: 'lta', active: true });
 * const listing = Readable.from(['left/by/hand.txt\t12\n']);
 * const { missing, dark } = await reconcile(session.dataSource, { dataLocationId, listing });
 * console.log(missing.files, dark.some[0]?.path); // 5 left/by/hand.txt
 */
export async function reconcile(
  dataSource: DataSource,
  { dataLocationId, listing, listedAt, columns, applyAs, limit = 20 }: ReconcileOptions,
): Promise<Reconciliation> {
  assertWhole('dataLocationId', dataLocationId, 1);
  assertWhole('limit', limit);
  const [copies, files] = [new Buckets(), new Buckets()];
  const counts = { listed: 0, expected: 0, same: 0 };
  const found = { missing: new Found(limit), dark: new Found(limit), different: new Found(limit) };
  try {
    for await (const page of expectedAt(dataSource, dataLocationId, listedAt)) {
      counts.expected += page.length;
      for (const [path, rest] of page) copies.addText(onOneLine(path), rest);
    }
    copies.close();
    counts.listed = await readListing(listing, files, columns);
    files.close();
    const findings: Findings = {
      both: (copy, file) => {
        if (isSame(copy, file)) counts.same += 1;
        else {
          const difference = { ...described(copy), listedBytes: bytesIn(file) };
          found.different.add({ ...difference, todo: TODO.different, isApplied: false });
        }
      },
      dark: (file) => {
        const [path = ''] = file.split('\t');
        found.dark.add({ path, listedBytes: bytesIn(file), todo: TODO.dark, isApplied: false });
      },
      missing: async (copy) => found.missing.add(await missing(dataSource, described(copy), applyAs)),
    };
    const comparison = new Comparison();
    for (let index = 0; index < BUCKETS; index++) {
      const same = await comparison.compare(copies.read(index), files.read(index), findings);
      counts.same += same;
    }
  } finally {
    for (const buckets of [copies, files]) buckets.remove();
  }
  return { ...counts, missing: found.missing.all, dark: found.dark.all, different: found.different.all };
}

/** Checksums are compared where both are known and of the same kind. */
function isSame(copy: string, file: string): boolean {
  const [, size, known = ''] = copy.split('\t');
  const [, listed, checksum = ''] = file.split('\t');
  return size === listed && (known.length !== checksum.length || known === checksum);
}

function bytesIn(line: string): number {
  return Number(line.split('\t')[1]);
}

type Described = Required<Pick<Difference, 'path' | 'copyId' | 'type' | 'status' | 'expectedBytes'>>;

function described(copy: string): Described {
  const [path, size, , copyId, type, status] = copy.split('\t');
  return { path, copyId, type, status, expectedBytes: Number(size) } as Described;
}

async function missing(dataSource: DataSource, copy: Described, applyAs?: string): Promise<Difference> {
  const { status } = copy;
  const isLeaving = LEAVING.includes(status);
  const isApplied = isLeaving && applyAs !== undefined && (await noteAsDeleted(dataSource, copy, applyAs));
  const isBeingDeleted = status === DELETION_IN_PROGRESS;
  return {
    ...copy,
    isApplied,
    todo: isLeaving ? TODO.leaving : isBeingDeleted ? TODO.inProgress : TODO.missing,
  };
}

/** Both steps ask the deletion rule. @returns false where the copy may not go any more */
function noteAsDeleted(dataSource: DataSource, { copyId, type }: Described, by: string): Promise<boolean> {
  const entity = COPY_KINDS[type as PhysicalCopyType];
  const reason = 'not listed by its storage';
  return dataSource.transaction(async (manager) => {
    const begin = { from: LEAVING, to: DELETION_IN_PROGRESS, by, reason };
    if (!(await transition(manager, entity, copyId, begin))) return false;
    return transition(manager, entity, copyId, { from: DELETION_IN_PROGRESS, to: DELETED, by, reason });
  });
}

/** Differences of one kind, as they are found. */
class Found {
  private files = 0;
  private bytes = 0;
  private applied = 0;
  private readonly some: Difference[] = [];

  constructor(private readonly limit: number) {}

  add(difference: Difference): void {
    this.files += 1;
    this.bytes += difference.listedBytes ?? difference.expectedBytes ?? 0;
    if (difference.isApplied) this.applied += 1;
    if (this.some.length < this.limit) this.some.push(difference);
  }

  get all(): Differences {
    const { files, bytes, applied, some } = this;
    return { files, bytes, applied, some };
  }
}
