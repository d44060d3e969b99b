/** What a spool writes down: each call as data, checked, with the keys that it makes and those that it needs. */
import type { EntityMetadata } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { modelMetadata } from '../../database/typeorm/model-metadata.js';
import { ExecutedObsUnit, PreScheduledSlot, RawDataFile, RawDataPackage } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { canonicalRows, type StrictDoor, type Values } from '../../values/canonical.js';
import type { NewRow } from '../filing/index.js';
import type { Payloads } from '../filing/payload-properties.js';
import { filingDoor } from '../filing/payload-properties.js';
import { RowChecks } from './row-checks.js';

/** The rows that each kind of call files, by the name of the function. */
export interface RowsOfCalls {
  readonly startObservation: Payloads['ObservationStart'] & { readonly id: string };
  readonly fileRawDataFiles: Payloads['NewRawDataFile'];
  readonly fileRawDataPackage: Payloads['NewRawDataPackage'];
  readonly finishObservation: Payloads['ObservationEnd'];
  readonly noteConditions: Payloads['ObservationConditions'];
  readonly fileSlots: Payloads['NewSlot'];
  readonly fileRows: NewRow;
}

/** The functions of filing that a spool has. */
export type CallName = keyof RowsOfCalls;

/** The arguments of a call: the rows, and of `fileRows` their class. */
export interface CallContent<N extends CallName = CallName> {
  /** Name of the class of the rows. */
  readonly entity: string;
  readonly rows: readonly RowsOfCalls[N][];
}

interface Kind {
  /** The class whose columns the rows have; of `fileRows` it is given with the call. */
  readonly entity?: { readonly name: string };
  readonly door: StrictDoor;
  /** Keys that rows of the call have for the first time. */
  readonly makes: (row: Values) => readonly string[];
  /** What is also a key of a row that must be there. */
  readonly needs?: (row: Values) => readonly unknown[];
  /** Whether each row is a row of the table as it is. */
  readonly isRow?: true;
}

const itsId = ({ id }: Values) => [id as string];
const none = () => [];

/** What a row of `fileRows` must have. */
const ROWS: StrictDoor = { code: 'filing_refused', required: ['id'] };

/** Every kind of call. */
export const KINDS: Readonly<Record<CallName, Kind>> = {
  startObservation: { entity: ExecutedObsUnit, door: filingDoor('ObservationStart'), makes: itsId },
  fileRawDataFiles: {
    entity: RawDataFile,
    door: filingDoor('NewRawDataFile'),
    makes: itsId,
    isRow: true,
  },
  fileRawDataPackage: {
    entity: RawDataPackage,
    door: filingDoor('NewRawDataPackage'),
    makes: itsId,
    needs: ({ fileIds }) => fileIds as string[],
  },
  finishObservation: {
    entity: ExecutedObsUnit,
    door: filingDoor('ObservationEnd'),
    makes: none,
    needs: itsId,
  },
  noteConditions: {
    entity: ExecutedObsUnit,
    door: filingDoor('ObservationConditions'),
    makes: none,
    needs: itsId,
  },
  fileSlots: { entity: PreScheduledSlot, door: filingDoor('NewSlot'), makes: none, isRow: true },
  fileRows: { door: ROWS, makes: itsId, isRow: true },
};

/**
 * What is known of a class of the model.
 * @throws OpsDbError `filing_refused` for any other name
 */
export function metadataNamed(name: string): EntityMetadata {
  const found = modelMetadata().find((metadata) => metadata.name === name);
  if (found) return found;
  throw new OpsDbError('filing_refused', `${name} is no class of the model: use one of entities`);
}

/** The class of the rows of a call. */
export function entityOf(kind: CallName, given?: string): string {
  return given ?? KINDS[kind].entity?.name ?? '';
}

const checks = new RowChecks();

/**
 * Rows of a call as they are written down: in the form of the databases, keys made where there are none.
 * @throws OpsDbError `filing_refused` for the first value that the databases would not take
 */
export function checkedRows<N extends CallName>(
  kind: N,
  entity: string,
  rows: readonly object[],
): RowsOfCalls[N][] {
  const metadata = metadataNamed(entity);
  const canonical = canonicalRows<object>(metadata, KINDS[kind].door);
  const checked = rows.map((row) => {
    const values = canonical(row) as Values;
    return kind === 'startObservation' && values.id === undefined ? { ...values, id: uuidv7() } : values;
  });
  if (KINDS[kind].isRow) checks.assertAllowed(metadata, checked);
  return checked as unknown as RowsOfCalls[N][];
}

/** A call as JSON. */
export function payloadOf(content: CallContent): string {
  return JSON.stringify(content);
}

/** A call from JSON: instants are `Date`s again. */
export function contentOf<N extends CallName>(payload: string): CallContent<N> {
  const { entity, rows } = JSON.parse(payload) as { entity: string; rows: Record<string, unknown>[] };
  const instants = instantsOf(metadataNamed(entity));
  for (const row of rows)
    for (const property of instants) {
      const value = row[property];
      if (typeof value === 'string') row[property] = new Date(value);
    }
  return { entity, rows: rows as unknown as RowsOfCalls[N][] };
}

const instants = new Map<EntityMetadata, readonly string[]>();

function instantsOf(metadata: EntityMetadata): readonly string[] {
  const known = instants.get(metadata);
  if (known) return known;
  const found = metadata.columns.flatMap(({ type, isCreateDate, isUpdateDate, propertyName }) =>
    type === Date || isCreateDate || isUpdateDate ? [propertyName] : [],
  );
  instants.set(metadata, found);
  return found;
}

/** The keys that a call makes. */
export function madeBy(kind: CallName, { rows }: CallContent): string[] {
  return rows.flatMap((row) => [...KINDS[kind].makes(row as unknown as Values)]);
}

/** Rows that a row refers to by keys which writers make: where they are, and which keys. */
export interface Needed {
  readonly entity: string;
  readonly id: string;
}

/** What a call needs to be there: rows whose keys writers make. */
export function neededBy(kind: CallName, { entity, rows }: CallContent): Needed[] {
  const keys = foreignKeysOf(metadataNamed(entity));
  const needed = new Map<string, Needed>();
  const add = (of: string, id: unknown) => {
    if (typeof id === 'string') needed.set(id, { entity: of, id });
  };
  // Of a package its files, otherwise the row itself.
  const own = kind === 'fileRawDataPackage' ? RawDataFile.name : entity;
  for (const row of rows as unknown as readonly Values[]) {
    for (const [property, of] of keys) add(of, row[property]);
    for (const id of KINDS[kind].needs?.(row) ?? []) add(own, id);
  }
  for (const id of madeBy(kind, { entity, rows })) needed.delete(id);
  return [...needed.values()];
}

const foreignKeys = new Map<EntityMetadata, readonly (readonly [string, string])[]>();

/** Properties that refer to rows with keys of writers, and the classes of these. */
function foreignKeysOf(metadata: EntityMetadata): readonly (readonly [string, string])[] {
  const known = foreignKeys.get(metadata);
  if (known) return known;
  const found = metadata.foreignKeys.flatMap(({ columns: [column], referencedEntityMetadata: { name } }) =>
    column?.type === 'uuid' ? [[column.propertyName, name] as const] : [],
  );
  foreignKeys.set(metadata, found);
  return found;
}
