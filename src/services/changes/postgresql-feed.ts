import type { DataSource } from 'typeorm';
import { StatusHistory } from '../../entities/index.js';
import { BEGINNING, type Feed, type FeedOptions, PIECE, type StatusChange } from './feed.js';
import { cursorOf, invalid, NOTHING, type Position, positionOf, type Visible } from './position.js';

/**
 * What is visible to this statement, in the numbers of the history: 2^40 x timeline + number. A promotion begins a new
 * timeline, whose numbers lie above all of the old one, also above those that were lost with the old primary. A replica
 * does not say which transactions are open, so that there nothing counts as visible from the oldest of them on.
 */
const HERE = `
  SELECT (SELECT CAST(system_identifier AS text) FROM pg_control_system()) AS system,
    CASE WHEN is_replica THEN epoch + oldest ELSE epoch + next END AS next,
    CASE WHEN is_replica THEN '{}' ELSE ARRAY(SELECT epoch + CAST(CAST(number AS text) AS bigint) FROM pg_snapshot_xip(snapshot) AS number) END AS open
  FROM (
    SELECT snapshot, is_replica, CAST(CAST(pg_snapshot_xmin(snapshot) AS text) AS bigint) AS oldest,
      CAST(CAST(pg_snapshot_xmax(snapshot) AS text) AS bigint) AS next,
      CASE WHEN is_replica THEN (SELECT CAST(timeline_id AS bigint) FROM pg_control_checkpoint())
        ELSE CAST(CAST('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) AS bit(32)) AS bigint) END << 40 AS epoch
    FROM (SELECT pg_current_snapshot() AS snapshot, pg_is_in_recovery() AS is_replica) AS raw
  ) AS numbered`;

/**
 * The entries that are visible up to one moment and were not up to an earlier one. Of two changes of which the second
 * one depends on the first, the first one has the smaller key, and is visible whenever the second one is.
 */
const entries = (table: string) => `
  WITH here AS MATERIALIZED (${HERE})
  SELECT here.system, CAST(here.next AS text) AS next, CAST(here.open AS text[]) AS open,
    CAST(entry.id AS text) AS key, entry.*
  FROM here LEFT JOIN LATERAL (
    SELECT id, entity, row_id, field, from_status, to_status, changed_at, changed_by, reason FROM "${table}"
    WHERE (transaction_number >= $1::bigint OR transaction_number = ANY ($2::bigint[]))
      AND transaction_number < COALESCE($3::bigint, here.next)
      AND transaction_number <> ALL (COALESCE($4::bigint[], here.open))
      AND id > $5::bigint AND ($6::text[] IS NULL OR entity = ANY ($6::text[]))
    ORDER BY id LIMIT ${PIECE}
  ) AS entry ON true
  ORDER BY entry.id`;

interface Row {
  readonly system: string;
  readonly next: string;
  readonly open: readonly string[];
  /** Null, like all that follows, where there is no entry. */
  readonly key: string | null;
  readonly entity: string;
  readonly row_id: string;
  readonly field: string;
  readonly from_status: string | null;
  readonly to_status: string;
  readonly changed_at: Date;
  readonly changed_by: string | null;
  readonly reason: string | null;
}

/** The changes of PostgreSQL in the order in which they become visible; see docs/changes.md. */
export class PostgresqlFeed implements Feed {
  private position?: Position;
  private readonly sql: string;

  constructor(
    private readonly dataSource: DataSource,
    private readonly options: FeedOptions,
  ) {
    this.sql = entries(dataSource.getMetadata(StatusHistory).tableName);
    const { since } = options;
    if (since !== undefined && since !== BEGINNING) this.position = positionOf(since);
  }

  async read(): Promise<readonly StatusChange[]> {
    for (;;) {
      const position = this.position ?? (await this.start());
      const [first, ...more] = await this.rows(position);
      const { system } = first;
      this.assertOfThisDatabase(position, first);
      const upTo: Visible = position.upTo ?? { next: first.next, open: first.open };
      const found = [first, ...more].filter(({ key }) => key !== null);
      const last = found.at(-1);
      this.position =
        found.length === PIECE && last
          ? { ...position, upTo, after: last.key as string }
          : { system, seen: upTo, after: '0' };
      if (found.length > 0)
        return found.map((row) => changeOf(row, { ...position, upTo, after: row.key as string }));
      if (!position.upTo) return [];
    }
  }

  private async start(): Promise<Position> {
    const [{ system, next, open }] = await this.rows({
      system: '0',
      seen: NOTHING,
      upTo: NOTHING,
      after: '0',
    });
    const seen = this.options.since === BEGINNING ? NOTHING : { next, open };
    return { system, seen, after: '0' };
  }

  private rows({ seen, upTo, after }: Position): Promise<[Row, ...Row[]]> {
    const { names = null } = this.options;
    const parameters = [seen.next, seen.open, upTo?.next ?? null, upTo?.open ?? null, after, names];
    return this.dataSource.query(this.sql, parameters);
  }

  private assertOfThisDatabase(position: Position, { system, next }: Row): void {
    const isOf = position.system === system && BigInt(position.seen.next) <= BigInt(next);
    if (!isOf)
      throw invalid(cursorOf(position), 'of the server that it was got from, or of one promoted from it,');
  }
}

function changeOf(row: Row, position: Position): StatusChange {
  return {
    cursor: cursorOf(position),
    entity: row.entity,
    id: row.row_id,
    property: row.field,
    from: row.from_status,
    to: row.to_status,
    at: row.changed_at,
    by: row.changed_by,
    reason: row.reason,
  };
}
