import type { EntityManager, ObjectLiteral } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import type { Spool } from '../../services/spool/index.js';
import { type Invariant, invariants } from './invariants.js';

/** What is checked, and how much of it is reported. */
export interface CheckOptions {
  /** Whether invariants that hold only when all work is done are checked, too; by default they are not. */
  readonly settled?: boolean;
  /** Seconds without a sign of life after which work counts as stuck; by default an hour. */
  readonly silentForS?: number;
  /** How many of the rows that break an invariant are reported; by default 10. */
  readonly limit?: number;
  /** Names of the invariants to check; all where left out. */
  readonly only?: readonly string[];
  /** A spool: what its calls that wait will put right is not counted as broken. */
  readonly spool?: Spool;
  /** Managers whose transactions see the same snapshot, which check at once; only the first parameter where left out. */
  readonly readers?: readonly EntityManager[];
  /** Called with each invariant before it is checked. */
  readonly onCheck?: (invariant: Invariant, index: number, all: number) => void;
}

/** The result for one invariant. */
export interface CheckResult {
  /** Name of the invariant. */
  readonly name: string;
  /** What should hold. */
  readonly meaning: string;
  /** What to do when it does not. */
  readonly remedy: string;
  /** How many rows break it; 0 when it holds. */
  readonly broken: number;
  /** Some of these rows, ordered by their keys: `id`, and columns that help to understand them. */
  readonly rows: readonly ObjectLiteral[];
}

/**
 * Checks that the data are consistent, whatever happened to the services: nothing is lost, duplicated or stuck. It only
 * reads, and may run beside the services. In a `REPEATABLE READ` transaction it sees one snapshot; otherwise work that
 * is done meanwhile may look broken.
 * @returns a result for each invariant that was checked
 * @throws TypeError when `only` names an invariant that there is not
 *
 * @example
 * import { ObsUnit, startObservation } from 'ccat-ops-db';
 * import { checkInvariants } from 'ccat-ops-db/integrity';
 *
 * const broken = async () =>
 *   (await checkInvariants(session)).flatMap(({ name, broken: rows }) => (rows > 0 ? [`${name} ${rows}`] : []));
 * console.log(await broken()); // []
 *
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { available: true });
 * await startObservation(session, { obsUnitId, startTime: new Date('2025-11-24T03:00:00Z') });
 * console.log(await broken()); // [ 'execution_has_ended 1' ]
 */
export async function checkInvariants(
  manager: EntityManager,
  {
    settled = false,
    silentForS = 3600,
    limit = 10,
    only,
    spool,
    readers = [manager],
    onCheck,
  }: CheckOptions = {},
): Promise<CheckResult[]> {
  const chosen = only ? only.map(named) : invariants.filter(({ whenSettled }) => settled || !whenSettled);
  const silentSince = dialectOf(manager).nowPlus(String(-Number(silentForS)));
  const results: CheckResult[] = [];
  const keysOf = keyReader();
  const left = [...chosen.entries()];
  const checkLeft = async (reader: EntityManager) => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, invariant] = next;
      onCheck?.(invariant, index, chosen.length);
      const { name, meaning, remedy } = invariant;
      const { broken, rows } = await brokenRows(
        reader,
        invariant,
        invariant.keys ? await keysOf(reader, invariant.keys) : [],
        silentSince,
        Math.max(1, Math.trunc(limit)),
        spool && invariant.spooled ? waitingFor(invariant.spooled, spool) : [],
      );
      results[index] = { name, meaning, remedy, broken, rows };
    }
  };
  await allEnded(readers.map(checkLeft));
  return results;
}

/** Waits for all, so that no connection is still busy when one has failed. */
async function allEnded(all: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(all);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Reads keys once, also where several invariants select the same. */
function keyReader(): (reader: EntityManager, keys: string) => Promise<string[]> {
  const read = new Map<string, Promise<string[]>>();
  return (reader, keys) => {
    const known =
      read.get(keys) ?? reader.query<{ id: string }[]>(keys).then((rows) => rows.map(({ id }) => id));
    read.set(keys, known);
    return known;
  };
}

/** Some of the rows that break an invariant, and how many there are. */
async function brokenRows(
  manager: EntityManager,
  { find, broken }: Invariant,
  keys: readonly string[],
  silentSince: string,
  limit: number,
  inSpool: readonly string[],
): Promise<Pick<CheckResult, 'broken' | 'rows'>> {
  if (!broken) {
    const all = (await find?.(manager)) ?? [];
    return { broken: all.length, rows: all.slice(0, limit) };
  }
  const dialect = dialectOf(manager);
  const lists: unknown[] = [];
  const isAnyOf = (column: string, values: readonly string[]) => {
    lists.push(dialect.listParameter(values));
    return dialect.isAnyOf(column, dialect.parameter(lists.length));
  };
  const isKey = (column: string) => isAnyOf(column, keys);
  const rowsThatBreak = broken({ silentSince, nowPlus: dialect.nowPlus, isKey });
  const isLeft = inSpool.length > 0 ? `WHERE NOT (${isAnyOf('broken.id', inSpool)})` : '';
  // All rows are read at any rate. Were they not materialized, the limit would have PostgreSQL walk indexes in order, with one process.
  const told: ObjectLiteral[] = await manager.query(
    `WITH broken AS MATERIALIZED (${rowsThatBreak})
    SELECT broken.*, count(*) OVER () AS "all_broken" FROM broken ${isLeft} ORDER BY broken.id LIMIT ${limit}`,
    lists,
  );
  const rows = told.map(({ all_broken: _, ...row }) => row);
  return { broken: Number(told[0]?.all_broken ?? 0), rows };
}

/** The keys of rows that calls in a spool will end, or put into a package. */
function waitingFor(what: 'ends' | 'packages', spool: Spool): string[] {
  const kind = what === 'ends' ? 'finishObservation' : 'fileRawDataPackage';
  const ids: string[] = [];
  for (const { content } of spool.calls(['waiting', 'refused'], [kind]))
    for (const row of content as { id: string; fileIds?: string[] }[]) ids.push(...(row.fileIds ?? [row.id]));
  return ids;
}

function named(name: string): Invariant {
  const found = invariants.find((invariant) => invariant.name === name);
  if (found) return found;
  throw new TypeError(
    `there is no invariant ${name}; there are: ${invariants.map((one) => one.name).join(', ')}`,
  );
}
