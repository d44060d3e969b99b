import type { DataSource } from 'typeorm';
import { dialectOf } from '../database/dialect.js';
import { PhysicalCopy, RawDataPackage } from '../entities/index.js';
import { Work } from '../entities/work.js';
import type { Assignments } from './move.js';
import type { Lifecycle } from './transitions.js';

/** Placeholder for the current time of the database. */
const NOW = Symbol('now');

/** The columns of a worker's claim on a row. */
const FREE = { claimedBy: null, heartbeatAt: null };

const WORK: Effects = {
  pending: FREE,
  scheduled: { scheduledAt: NOW, heartbeatAt: NOW },
  in_progress: { startedAt: NOW, heartbeatAt: NOW },
  staging_data: { scheduledAt: NOW, heartbeatAt: NOW },
  submitted: { heartbeatAt: NOW },
  running: { startedAt: NOW, heartbeatAt: NOW },
  collecting_results: { heartbeatAt: NOW },
  completed: { ...FREE, finishedAt: NOW, nextRetryAt: null },
  failed: { ...FREE, finishedAt: NOW, nextRetryAt: null },
  cancelled: { ...FREE, finishedAt: NOW, nextRetryAt: null },
};

const COPY: Effects = {
  // A copy that is brought back is not verified yet.
  present: { ...FREE, deletedAt: null, retryCount: 0, nextRetryAt: null, lastError: null },
  deletion_scheduled: FREE,
  deletion_in_progress: { startedAt: NOW, heartbeatAt: NOW },
  deletion_failed: FREE,
  deleted: { ...FREE, deletedAt: NOW, nextRetryAt: null },
  bad: { ...FREE, badSince: NOW },
};

const PACKAGE_STATE: Effects = { archived: { archivedAt: NOW } };

type Effects = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Columns that are set on entering a status. */
export function effectsOf(
  dataSource: DataSource,
  { entity, property }: Lifecycle,
  status: string,
): Assignments {
  const effects = effectsOn(entity, property);
  const now = () => dialectOf(dataSource).now;
  return Object.fromEntries(
    Object.entries(effects[status] ?? {}).map(([name, value]) => [name, value === NOW ? now : value]),
  );
}

function effectsOn(entity: Lifecycle['entity'], property: string): Effects {
  if (property === 'state') return entity === RawDataPackage ? PACKAGE_STATE : {};
  if (entity === PhysicalCopy) return COPY;
  return entity.prototype instanceof Work ? WORK : {};
}
