import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { ownTables } from '../../database/own-tables.js';
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

/** The work of all classes by status, also for a status without rows, so that its time series does not end. */
export async function workFigures(dataSource: DataSource): Promise<WorkFigures[]> {
  const age = dialectOf(dataSource).secondsUntil('min(created_at)');
  const figures = await Promise.all(
    workClasses(dataSource).map(async ({ name, tableName, target }) => {
      const entity = target as EntityClass<ObjectLiteral>;
      const { waiting } = handlingOf(entity);
      const found: { status: string; rows: number; age: number; retries: number }[] = await dataSource.query(
        `SELECT CAST(status AS text) AS status, count(*) AS "rows", -(${age}) AS age, sum(retry_count) AS retries
         FROM "${tableName}" GROUP BY status`,
      );
      return Object.keys(lifecycleOf(entity).transitions).map((status) => {
        const { rows = 0, retries = 0, age: oldest = 0 } = found.find((one) => one.status === status) ?? {};
        return {
          entity: name,
          status,
          rows: Number(rows),
          retries: Number(retries),
          waits: waiting.includes(status),
          oldestSeconds: Math.max(0, oldest),
        };
      });
    }),
  );
  return figures.flat();
}

/** Workers that have rows, or delete copies, and were silent for longer than so many seconds. */
export function staleWorkers(dataSource: DataSource, silentForS: number): Promise<StaleWorkers[]> {
  const then = dialectOf(dataSource).nowPlus(String(-silentForS));
  const classes = [...workClasses(dataSource), dataSource.getMetadata(PhysicalCopy)];
  return Promise.all(
    classes.map(async ({ name, tableName, target }) => {
      const { inHand } = handlingOf(target as EntityClass<ObjectLiteral>);
      const [{ workers }] = await dataSource.query(
        `SELECT count(DISTINCT it.claimed_by) AS workers FROM "${tableName}" it
         WHERE ${oneOf(inHand)} AND it.heartbeat_at < ${then}`,
      );
      return { entity: name, workers: Number(workers) };
    }),
  );
}
