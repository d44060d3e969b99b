import type { EntityManager } from 'typeorm';

/** A night in one line. */
export interface NightSummary {
  /** Such as `2026-11-23`. */
  readonly night: string;
  /** How many executions. */
  readonly executions: number;
  /** How many files. */
  readonly files: number;
  /** Bytes of the files. */
  readonly bytes: number;
  /** How many raw data packages. */
  readonly packages: number;
  /** Packages that are archived. */
  readonly archived: number;
}

/**
 * The nights that were observed last, the latest first.
 * @param count how many nights at most
 *
 * @example
 * import { readLatestNights } from 'ccat-ops-db/report';
 *
 * for (const { night, packages, archived } of await readLatestNights(session, 7))
 *   console.log(`${night}: ${archived} of ${packages} archived`); // 2026-11-30: 5 of 5 archived
 */
export async function readLatestNights(manager: EntityManager, count: number): Promise<NightSummary[]> {
  const of = (what: string, from: string) =>
    `sum((SELECT ${what} FROM ${from} it WHERE it.executed_obs_unit_id = e.id))`;
  const rows: Record<keyof NightSummary, string | number>[] = await manager.query(
    `SELECT CAST(e.observing_night AS text) AS night, count(*) AS executions,
        ${of('count(*)', 'raw_data_file')} AS files,
        ${of('coalesce(sum(it.size_bytes), 0)', 'raw_data_file')} AS bytes,
        ${of('count(*)', 'raw_data_package')} AS packages,
        ${of(`count(CASE WHEN it.state = 'archived' THEN 1 END)`, 'raw_data_package')} AS archived
      FROM executed_obs_unit e
      WHERE e.observing_night >= (SELECT min(latest.night) FROM (
        SELECT DISTINCT observing_night AS night FROM executed_obs_unit ORDER BY 1 DESC LIMIT ${Math.trunc(count)}) latest)
      GROUP BY e.observing_night ORDER BY e.observing_night DESC`,
  );
  return rows.map(({ night, ...counts }) => ({
    night: String(night),
    executions: Number(counts.executions),
    files: Number(counts.files),
    bytes: Number(counts.bytes),
    packages: Number(counts.packages),
    archived: Number(counts.archived),
  }));
}
