import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { ownTables } from '../../database/own-tables.js';

import { type Row, Statement } from '../../database/statement.js';
import { atOnce } from '../../database/together.js';
import { PhysicalCopy } from '../../entities/index.js';
import { Work } from '../../entities/work.js';
import { type EntityClass, lifecycleOf } from '../../lifecycle/index.js';
import { handlingOf, oneOf } from '../../services/claiming/handling.js';

/** Rows of a class of work in one status. */
export interface WorkFigures {
  readonly entity: string;
  readonly status: string;
  readonly rows: number;
  /** Whether the rows wait for a worker. */
  readonly waits: boolean;
  /** Age of the oldest of the rows [s]. */
  readonly oldestSeconds: number;
  /** Tries beyond the first. */
  readonly retries: number;
}

/** Workers of a class that have rows and give no sign of life. */
export interface StaleWorkers {
  readonly entity: string;
  readonly workers: number;
}

/** Classes with the columns of work. */
function workClasses(dataSource: DataSource): EntityMetadata[] {
  return ownTables(dataSource).filter(
    ({ target }) => typeof target !== 'string' && target.prototype instanceof Work,
  );
}

/** Reads with a statement of each class, one after the other on one connection: that is faster than many that are new. */
async function readEach(
  dataSource: DataSource,
  classes: readonly EntityMetadata[],
  textOf: (metadata: EntityMetadata) => string,
): Promise<(readonly [EntityMetadata, readonly Row[]])[]> {
  const read = await atOnce(
    dataSource.manager,
    classes.map((metadata) => [new Statement(textOf(metadata), false), []]),
  );
  return classes.map((metadata, index) => [metadata, read[index] ?? []]);
}

/** The work of all classes by status, also for a status without rows, so that its time series does not end. */
export async function workFigures(dataSource: DataSource): Promise<WorkFigures[]> {
  const age = dialectOf(dataSource).secondsUntil('min(created_at)');
  const found = await readEach(
    dataSource,
    workClasses(dataSource),
    ({ tableName }) =>
      `SELECT CAST(status AS text), count(*), -(${age}), sum(retry_count) FROM "${tableName}" GROUP BY status`,
  );
  return found.flatMap(([{ name, target }, byStatus]) => {
    const entity = target as EntityClass<ObjectLiteral>;
    const { waiting } = handlingOf(entity);
    return Object.keys(lifecycleOf(entity).transitions).map((status) => {
      const [, rows = 0, oldest = 0, retries = 0] = byStatus.find(([of]) => of === status) ?? [];
      return {
        entity: name,
        status,
        rows: Number(rows),
        retries: Number(retries),
        waits: waiting.includes(status),
        oldestSeconds: Math.max(0, Number(oldest)),
      };
    });
  });
}

/** Workers that have rows, or delete copies, and were silent for longer than so many seconds. */
export async function staleWorkers(dataSource: DataSource, silentForS: number): Promise<StaleWorkers[]> {
  const then = dialectOf(dataSource).nowPlus(String(-silentForS));
  const found = await readEach(
    dataSource,
    [...workClasses(dataSource), dataSource.getMetadata(PhysicalCopy)],
    ({ tableName, target }) =>
      `SELECT count(DISTINCT it.claimed_by) FROM "${tableName}" it
       WHERE ${oneOf(handlingOf(target as EntityClass<ObjectLiteral>).inHand)} AND it.heartbeat_at < ${then}`,
  );
  return found.map(([{ name }, [row]]) => ({ entity: name, workers: Number(row?.[0]) }));
}
