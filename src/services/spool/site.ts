import { setImmediate } from 'node:timers/promises';
import { type DataSource, In, IsNull, type ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { inChunks } from '../../database/chunks.js';
import { ExecutedObsUnit, RawDataFile, RawDataPackage } from '../../entities/index.js';
import { invalidArgument } from '../../values/arguments.js';
import { comparableValue } from '../../values/comparable.js';
import { type NewRow, observingNight } from '../filing/index.js';
import { type CallName, metadataNamed, type RowsOfCalls } from './calls.js';
import type { Spool } from './spool.js';
import { CallState, type StoredCall } from './store.js';

/** Which rows are read: those whose properties have these values, or one of a list of them. */
export type SiteWhere<E> = { readonly [K in keyof E]?: E[K] | readonly E[K][] };

/** Where a row of the site is: at the primary as far as the replica knows, or in the spool with the state of its call. */
export type Whereabouts = 'replica' | CallState;

/** A row as the site knows it. What the database fills in is missing of a row that is only in the spool. */
export type SiteRow<E> = Partial<E> & {
  readonly id: string;
  /** Where the row, or the latest of what was noted of it, is. */
  readonly whereabouts: Whereabouts;
};

/** What the site knows, from {@link withSpool}. */
export interface SiteReader {
  /** Executions, with ends and conditions that wait, by their starts. */
  executions(where?: SiteWhere<ExecutedObsUnit>): Promise<SiteRow<ExecutedObsUnit>[]>;
  /** Files, with the packages that they are to go into, by their paths. */
  files(where?: SiteWhere<RawDataFile>): Promise<SiteRow<RawDataFile>[]>;
  /** Packages, by their keys. */
  packages(where?: SiteWhere<RawDataPackage>): Promise<SiteRow<RawDataPackage>[]>;
}

/**
 * Reads at the telescope what is known there: the rows of the replica together with what is in the spool, each row once. A
 * call that the primary has taken counts as long as the spool keeps it, since the replica may be behind.
 * @param read the replica at the site, or any other database
 * @param spool that the services at the site file into, open
 *
 * @example
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { initCcatOpsDb, ObsUnit, openSpool, withSpool } from 'ccat-ops-db';
 *
 * const { session, read, dataSource } = await initCcatOpsDb();
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { available: true });
 * const spool = openSpool({ path: `${mkdtempSync(`${tmpdir()}/`)}/spool.sqlite` });
 * const id = await spool.startObservation({ obsUnitId, startTime: new Date('2026-11-24T03:00:00Z') });
 * await spool.noteConditions({ id, pwvMm: 0.4 });
 *
 * const tonight = await withSpool(read, spool).executions({ observingNight: '2026-11-23' });
 * console.log(tonight.map(({ status, pwvMm, whereabouts }) => [status, pwvMm, whereabouts].join())); // [ 'running,0.4,waiting' ]
 * spool.close();
 * await dataSource.destroy();
 */
export function withSpool(read: DataSource, spool: Spool): SiteReader {
  return {
    executions: async (where = {}) =>
      (await merged(read, spool, ExecutedObsUnit, EXECUTIONS, where)).sort(by('startTime')),
    files: async (where = {}) =>
      (await merged(read, spool, RawDataFile, FILES, where)).sort(by('relativePath')),
    packages: async (where = {}) =>
      (await merged(read, spool, RawDataPackage, PACKAGES, where)).sort(by('id')),
  };
}

/** What a call says of one row: it is new, or something of it changes. */
interface Said {
  readonly id: string;
  readonly values: ObjectLiteral;
  readonly isNew?: true;
  /** Whether the change holds of a row that stands like this; by default of each. */
  readonly only?: (row: ObjectLiteral) => boolean;
}

interface Change extends Said {
  readonly call: StoredCall;
}

/** What each kind of call says of the rows of one class. */
interface Reading {
  readonly entity: { readonly name: string };
  readonly by: { readonly [N in CallName]?: (row: RowsOfCalls[N]) => Iterable<Said> };
  /** What later calls may set of a new row; left out where that is much and the rows are few. */
  readonly setLater?: readonly string[];
}

const asNew = (values: NewRow): Said[] => [{ id: values.id, values, isNew: true }];

const EXECUTIONS: Reading = {
  entity: ExecutedObsUnit,
  by: {
    startObservation: (row) => {
      const night = observingNight(row.startTime);
      const begun = { status: 'running', endTime: null, quality: 'unchecked' };
      return asNew({ ...begun, ...row, observingNight: night });
    },
    finishObservation: ({ id, obsUnitId: _, ...end }) => {
      const values = { status: 'completed', ...end };
      return [{ id, values, only: ({ status }) => status === 'running' }];
    },
    noteConditions: (row) => [{ id: row.id, values: row }],
  },
};

const FILES: Reading = {
  entity: RawDataFile,
  setLater: ['rawDataPackageId'],
  by: {
    fileRawDataFiles: ({ instrumentModuleIds: _, ...row }) => asNew({ rawDataPackageId: null, ...row }),
    fileRawDataPackage: ({ id: rawDataPackageId, fileIds }) =>
      fileIds.map((id) => ({
        id,
        values: { rawDataPackageId },
        only: (row) => (row.rawDataPackageId ?? null) === null,
      })),
  },
};

const PACKAGES: Reading = {
  entity: RawDataPackage,
  by: {
    fileRawDataPackage: ({ fileIds, metadata: _, ...row }) => {
      const waiting = { partNumber: 1, status: 'pending', state: 'waiting', fileCount: fileIds.length };
      return asNew({ ...waiting, ...row });
    },
  },
};

/** Also what was refused was observed. */
const SEEN: readonly CallState[] = [CallState.WAITING, CallState.TAKEN, CallState.REFUSED];

function* changesOf(spool: Spool, { entity, by: readings }: Reading): Generator<Change> {
  const kinds = [...Object.keys(readings), 'fileRows'] as CallName[];
  for (const { content, entity: of, ...call } of spool.calls(SEEN, kinds)) {
    if (call.kind === 'fileRows' && of !== entity.name) continue;
    const read = (readings[call.kind] ?? asNew) as (row: object) => Iterable<Said>;
    for (const row of content) for (const said of read(row)) yield { ...said, call };
  }
}

/** Rows of the replica and of the spool that have some values, each once. */
async function merged<E extends { id: string }>(
  read: DataSource,
  spool: Spool,
  entity: new () => E,
  reading: Reading,
  where: SiteWhere<E>,
): Promise<SiteRow<E>[]> {
  const wanted = wantedOf(entity.name, where);
  const rows = new Map<string, ObjectLiteral>();
  const keep = (found: readonly E[]) => {
    for (const row of found) rows.set(row.id, { ...row, whereabouts: 'replica' });
  };
  keep(await read.manager.find(entity, { where: whereOf(wanted) as never }));
  /** Of rows that the replica may have otherwise than they are wanted. */
  const others = new Map<string, Change[]>();
  let seen = 0;
  for (const change of changesOf(spool, reading)) {
    // The driver works in this very thread: let others have it.
    if (++seen % 1000 === 0) await setImmediate();
    const { id, isNew, values } = change;
    const known = rows.get(id);
    const mayFit = isNew ? couldFit(values, wanted, reading) : touches(values, wanted);
    if (known) rows.set(id, applied(known, change));
    else if (others.has(id) || mayFit) others.set(id, [...(others.get(id) ?? []), change]);
  }
  for await (const ids of inChunks(others.keys()))
    keep(await read.manager.find(entity, { where: { id: In(ids) } as never }));
  for (const [id, list] of others) {
    const row = rows.get(id) ?? newRow(list);
    if (row) rows.set(id, list.reduce(applied, row));
  }
  return [...rows.values()].filter((row) => fits(row, wanted)) as SiteRow<E>[];
}

/** A row that the replica does not have: it is there when a call says that it is new. */
function newRow(changes: readonly Change[]): ObjectLiteral | undefined {
  const made = changes.find(({ isNew }) => isNew);
  return made && { ...made.values, whereabouts: made.call.state };
}

function applied(row: ObjectLiteral, { call, isNew, values, only }: Change): ObjectLiteral {
  if (isNew || (only && !only(row)) || isOlder(call, row)) return row;
  return { ...row, ...values, whereabouts: call.state };
}

/** Whether a call was taken that a row of the replica shows already. */
function isOlder({ state, notedAt, clockOffsetMs }: StoredCall, { updatedAt }: ObjectLiteral): boolean {
  if (state !== CallState.TAKEN || !(updatedAt instanceof Date)) return false;
  return updatedAt.getTime() >= notedAt.getTime() + (clockOffsetMs ?? 0);
}

/** The values that are wanted, by property. */
type Wanted = ReadonlyMap<string, readonly unknown[]>;

function wantedOf(entity: string, where: object): Wanted {
  const { columns } = metadataNamed(entity);
  const byName = new Map(columns.map((column) => [column.propertyName, column]));
  const given = Object.entries(where).filter(([, value]) => value !== undefined);
  return new Map(
    given.map(([property, value]) => {
      const column = byName.get(property);
      if (!column)
        throw invalidArgument(`where.${property}`, value, `left out: ${entity} has no such column`);
      return [property, [value].flat().map((one) => comparable(column, one))];
    }),
  );
}

function comparable(column: ColumnMetadata, value: unknown): unknown {
  return value === null ? null : comparableValue(column, value);
}

function whereOf(wanted: Wanted): object {
  return Object.fromEntries(
    [...wanted].map(([property, values]) => [
      property,
      values.length === 1 && values[0] === null ? IsNull() : In([...values]),
    ]),
  );
}

/** Whether values say something of what is wanted. */
function touches(values: ObjectLiteral, wanted: Wanted): boolean {
  return [...wanted.keys()].some((property) => property !== 'id' && property in values);
}

/** Whether a new row may have what is wanted when all is said. */
function couldFit(values: ObjectLiteral, wanted: Wanted, { setLater }: Reading): boolean {
  if (!setLater) return true;
  const settled = [...wanted].filter(([property]) => property in values && !setLater.includes(property));
  return fits(values, new Map(settled));
}

function fits(row: ObjectLiteral, wanted: Wanted): boolean {
  return [...wanted].every(([property, values]) =>
    values.some((value) => textOf(value) === textOf(row[property] ?? null)),
  );
}

function textOf(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
}

function by<K extends string>(property: K) {
  return (one: ObjectLiteral, other: ObjectLiteral) => (one[property] < other[property] ? -1 : 1);
}
