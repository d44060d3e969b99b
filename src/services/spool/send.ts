/** How calls of a spool reach the primary: by the functions of filing, many calls of a kind at once. */
import type { DataSource, EntityManager } from 'typeorm';
import { isConstraintViolation } from '../../database/constraint-violation.js';
import { ExecutedObsUnit } from '../../entities/index.js';
import { OpsDbError, type OpsDbErrorCode } from '../../errors.js';
import { explainSurroundings } from '../../surroundings.js';
import { noteAllConditions, unknownExecution } from '../filing/conditions.js';
import { fileRows, fileSlots } from '../filing/index.js';
import { executionOf, finishObservations } from '../filing/observations.js';
import { fileRawDataFiles, fileRawDataPackage, fileRawDataPackages } from '../filing/raw-data.js';
import type { CallName, RowsOfCalls } from './calls.js';

type RowOf<N extends CallName> = RowsOfCalls[N];

/** What became of a row that was sent: undefined when the primary has it, otherwise why it has refused it. */
export type Outcome = OpsDbError | undefined;

/** The order in which calls of a batch are sent; `fileRows` may refer to anything, and goes where it was noted. */
export const ORDER: readonly Exclude<CallName, 'fileRows'>[] = [
  'startObservation',
  'fileSlots',
  'fileRawDataFiles',
  'fileRawDataPackage',
  'finishObservation',
  'noteConditions',
];

type Sender<N extends CallName> = (
  manager: EntityManager,
  rows: readonly RowOf<N>[],
  entity: string,
) => Promise<Outcome[]>;

const allTaken = (rows: readonly unknown[]): Outcome[] => rows.map(() => undefined);

const SENDERS: { readonly [N in CallName]: Sender<N> } = {
  async startObservation(manager, rows) {
    const metadata = manager.dataSource.getMetadata(ExecutedObsUnit);
    await fileRows(
      manager,
      ExecutedObsUnit,
      rows.map((row) => executionOf(metadata, row)),
    );
    return allTaken(rows);
  },
  async fileRawDataFiles(manager, rows) {
    await fileRawDataFiles(manager, rows);
    return allTaken(rows);
  },
  async fileRawDataPackage(manager, rows) {
    const filed = await fileRawDataPackages(manager, rows);
    if (rows.length > 1 && filed.includes(undefined)) throw new NotTogether();
    for (const [index, row] of rows.entries()) if (!filed[index]) await fileRawDataPackage(manager, row);
    return allTaken(rows);
  },
  async finishObservation(manager, rows) {
    const outcomes = await finishObservations(manager, rows);
    return outcomes.map((outcome, index) => {
      if (outcome instanceof OpsDbError) return outcome;
      const { id = '' } = rows[index] ?? {};
      return outcome === 'not_started' ? unknownExecution(id) : undefined;
    });
  },
  async noteConditions(manager, rows) {
    const known = await noteAllConditions(manager, rows);
    return rows.map(({ id }, index) => (known[index] ? undefined : unknownExecution(id)));
  },
  async fileSlots(manager, rows) {
    await fileSlots(manager, rows);
    return allTaken(rows);
  },
  async fileRows(manager, rows, entity) {
    const metadata = manager.dataSource.entityMetadatas.find(({ name }) => name === entity);
    if (!metadata) throw new OpsDbError('filing_refused', `${entity} is no class of the model`);
    await fileRows(manager, metadata.target as abstract new () => object, rows);
    return allTaken(rows);
  },
};

/** Rows that are to be sent by themselves, to find out which of them is refused. */
class NotTogether extends Error {}

/** How rows are sent. */
export interface Sending {
  readonly dataSource: DataSource;
  /** How long the primary may take to answer [ms]. */
  readonly answerMs: number;
}

/**
 * Sends rows of calls of one kind. Those that are taken together are one transaction; where something is refused, halves
 * are sent until it is found, and everything else is taken.
 * @returns what became of each
 * @throws what keeps the primary from answering
 */
export async function sendRows<N extends CallName>(
  sending: Sending,
  kind: N,
  entity: string,
  rows: readonly RowOf<N>[],
): Promise<Outcome[]> {
  if (rows.length === 0) return [];
  try {
    const send = SENDERS[kind] as Sender<N>;
    return await inTime(send(sending.dataSource.manager, rows, entity), sending.answerMs);
  } catch (error) {
    if (!(error instanceof NotTogether) && !isRefusal(error)) throw error;
    if (rows.length === 1) return [refusal(error)];
    // Of two rows with one key that was noted first holds.
    const named = rows.findLastIndex((row) => isNamed(row, error as Error));
    if (named >= 0) {
      const others = await sendRows(sending, kind, entity, rows.toSpliced(named, 1));
      return others.toSpliced(named, 0, refusal(error));
    }
    const half = Math.ceil(rows.length / 2);
    const first = await sendRows(sending, kind, entity, rows.slice(0, half));
    return [...first, ...(await sendRows(sending, kind, entity, rows.slice(half)))];
  }
}

/** Whether an error says that it is about a row. */
function isNamed(row: object, { message }: Error): boolean {
  const { id } = row as { id?: string };
  return id !== undefined && [`${id}: `, `${id} is there already`].some((text) => message.includes(text));
}

/** Codes that are about what was sent; all others are about the server or the way to it. */
const REFUSALS: ReadonlySet<string> = new Set<OpsDbErrorCode>([
  'filing_conflict',
  'filing_refused',
  'filing_unknown',
  'value_invalid',
  'argument_invalid',
]);

function isRefusal(error: unknown): boolean {
  if (error instanceof OpsDbError) return REFUSALS.has(error.code);
  const isOfDriver = 'driverError' in (error as object) || 'code' in (error as object);
  if (isOfDriver)
    return isConstraintViolation(error) || explainSurroundings(error)?.code === 'argument_invalid';
  // A bug keeps nothing but its own call.
  return true;
}

function refusal(error: unknown): OpsDbError {
  if (error instanceof OpsDbError) return error;
  return new OpsDbError('filing_refused', String((error as Error).message), { cause: error });
}

/** A link that goes down in the middle says nothing. What was sent may have been taken: it is sent again. */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `the primary has not answered within ${ms / 1000} s: is the link up? It is tried again`;
    timer = setTimeout(() => reject(new OpsDbError('database_unreachable', message)), ms);
  });
  // Who has given up does not hear of the end.
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
