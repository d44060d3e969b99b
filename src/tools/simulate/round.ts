import { type DataSource, In } from 'typeorm';
import { DataLocation, LocationType, type ReductionStep } from '../../entities/index.js';
import { releaseStale } from '../../services/claiming/index.js';
import { planRepairs, planVerifications } from '../../services/health/index.js';
import {
  planArchiving,
  planBundles,
  planPackages,
  planTransfers,
  releaseStaleDeletions,
  retryWork,
  scheduleDeletions,
} from '../../services/transfer/index.js';
import { DELETED_KINDS, stages } from './drain.js';
import type { Random } from './random.js';
import { planRuns } from './reduction-stage.js';

/** Input of the managers. */
export interface Planning {
  readonly dataSource: DataSource;
  readonly random: Random;
  /** Time of the simulation; becomes part of the keys of planned rows. */
  readonly now: Date;
  /** Largest size of a bundle, except of one with a single package [byte]. */
  readonly bundleBytes: number;
  /** Whether a reduction step runs now. */
  readonly isDue: (step: ReductionStep) => boolean;
}

/** Name of the managers, in the history. */
const BY = 'simulation';
const AT_ONCE = 5000;

/**
 * One round of the managers of all stages: they read the database and plan the next work.
 * @returns how much was planned
 */
export async function planAll({ dataSource, random, now, bundleBytes, isDue }: Planning): Promise<number> {
  const { manager } = dataSource;
  const newId = (name: string) => random.uuid(now, name);
  const locations = await manager.find(DataLocation, { order: { id: 'ASC' } });
  let planned = (await planPackages(manager, { newId })).length;
  const buffers = locations.filter(({ locationType }) => locationType === LocationType.BUFFER);
  for (const { id: originLocationId } of buffers.filter((place) => place.active))
    planned += (await planBundles(manager, { originLocationId, maxBytes: bundleBytes, by: BY, newId }))
      .length;
  planned += (await planTransfers(manager, { newId })).length;
  planned += await planArchiving(manager, { newId });
  planned += await planRuns(manager, isDue);
  planned += (await planRepairs(manager, { newId })).length;
  for (const entity of DELETED_KINDS)
    for (const { id: dataLocationId, locationType, highWatermarkBytes } of locations) {
      if (locationType === LocationType.LONG_TERM_ARCHIVE) continue;
      for (let scheduled = AT_ONCE; scheduled === AT_ONCE; planned += scheduled) {
        // Nights follow one another in seconds, in which no retention passes.
        const early = highWatermarkBytes === null;
        const batch = { dataLocationId, limit: AT_ONCE, by: BY, early };
        scheduled = (await scheduleDeletions(manager, entity, batch)).length;
      }
    }
  return planned;
}

/** Has all packages at buffers and archives verified, as if a long time had passed. @returns how many */
export async function planVerification({
  dataSource,
  random,
  now,
}: Pick<Planning, 'dataSource' | 'random' | 'now'>): Promise<number> {
  const newId = (name: string) => random.uuid(now, name);
  let planned = 0;
  const locations = await dataSource.manager.findBy(DataLocation, {
    active: true,
    locationType: In([LocationType.BUFFER, LocationType.LONG_TERM_ARCHIVE]),
  });
  for (const { id: dataLocationId } of locations)
    for (let more = AT_ONCE; more === AT_ONCE; planned += more)
      more = (
        await planVerifications(dataSource.manager, { dataLocationId, limit: AT_ONCE, early: true, newId })
      ).length;
  return planned;
}

/** Work that was released from dead workers, or retried before its time. */
export interface Recovered {
  /** Released from silent workers. */
  readonly released: number;
  /** Tried again before its time. */
  readonly retried: number;
  /** Had failed for good, and an operator had it tried again. */
  readonly restarted: number;
}

/**
 * Does what recovery and an operator do between rounds: it releases the work of dead workers, and makes work that waits
 * for a retry due.
 */
export async function recoverAll({ manager }: DataSource): Promise<Recovered> {
  const recovered = { released: 0, retried: 0, restarted: 0 };
  for (const { entity } of stages) {
    recovered.released += (await releaseStale(manager, entity as never, 0, BY)).length;
    const { waiting, failed } = await retryWork(manager, entity as never, { by: BY });
    recovered.retried += waiting;
    recovered.restarted += failed;
  }
  for (const entity of DELETED_KINDS)
    recovered.released += await releaseStaleDeletions(manager, entity, 0, BY);
  return recovered;
}
