import type { NewId } from './new-id.js';

/** A file without a package. */
export interface Unpackaged {
  readonly id: string;
  readonly size: number | string;
  readonly execution: string | null;
  readonly module: number | null;
  readonly source: number;
}

/** A package that is being planned. */
export interface Draft extends Pick<Unpackaged, 'execution' | 'module' | 'source'> {
  readonly id: string;
  readonly partNumber: number;
  /** Whether its row is still to be written. */
  readonly isNew: boolean;
  /** The files that it takes of the list at hand. */
  readonly fileIds: string[];
  /** All files that it has taken. */
  fileCount: number;
  /** Bytes of these. */
  bytes: number;
}

/** How files are divided into packages. */
export interface Division {
  /** Files larger than this together are divided into parts [byte]. */
  readonly maxBytes: number;
  readonly newId: NewId;
  /** The number of the next part of an execution and module. */
  readonly nextPart: (group: string) => number;
  /** The package that the list before ended with, which may take more. */
  readonly last: Draft | undefined;
}

/**
 * Divides files into packages: each holds files of one execution, module and location, and no more bytes than allowed unless it is a single file.
 * @param files in the order in which they go into packages
 */
export function* divided(
  files: readonly Unpackaged[],
  { maxBytes, newId, nextPart, last }: Division,
): Generator<Draft> {
  let draft = last && { ...last, isNew: false, fileIds: [] as string[] };
  for (const file of files) {
    const size = Number(file.size);
    if (!draft || !isOfSame(draft, file) || draft.bytes + size > maxBytes) {
      if (draft && draft.fileIds.length > 0) yield draft;
      draft = begun(file, newId, nextPart);
    }
    draft.fileIds.push(file.id);
    draft.fileCount += 1;
    draft.bytes += size;
  }
  if (draft && draft.fileIds.length > 0) yield draft;
}

function isOfSame(draft: Draft, { execution, module, source }: Unpackaged): boolean {
  return draft.execution === execution && draft.module === module && draft.source === source;
}

function begun(
  { execution, module, source }: Unpackaged,
  newId: NewId,
  nextPart: Division['nextPart'],
): Draft {
  const group = `${execution}/${module}`;
  const partNumber = nextPart(group);
  const id = newId(`package/${group}/${partNumber}`);
  return { id, execution, module, source, partNumber, isNew: true, fileIds: [], fileCount: 0, bytes: 0 };
}
