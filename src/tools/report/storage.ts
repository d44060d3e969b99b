import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { DataLocation, PhysicalCopyStatus, PhysicalCopyType } from '../../entities/index.js';
import { type RawDataAtRisk, rawDataAtRisk } from '../../services/health/index.js';
import { type Usage, usageByLocation } from '../../services/storage/index.js';
import { asInstant } from './waiting.js';

/** Room, age and health of one location. */
export interface LocationState {
  /** Short name of the site and name of the location, such as `cologne/lta`. */
  readonly place: string;
  /** Copies that lie there. */
  readonly copies: number;
  /** Their size [byte]. */
  readonly bytes: number;
  /** Space in all [byte]; null: not limited, or not known. */
  readonly capacityBytes: number | null;
  /** Above this, copies are deleted to make room [byte]; null: they are deleted by age alone. */
  readonly highWatermarkBytes: number | null;
  /** Since when copies are being deleted to make room, UTC; null: they are not. */
  readonly lettingGoSince: Date | null;
  /** How long copies are kept there where no policy says otherwise [d]; null: without a limit. */
  readonly retentionDays: number | null;
  /** Last change of the copy that was changed longest ago, UTC; null: no copy lies there. */
  readonly oldestChange: Date | null;
  /** Copies that somebody holds. */
  readonly held: number;
  /** Copies that are bad. */
  readonly bad: number;
  /** After how many days copies are verified again [d]; null: never. */
  readonly verifyAfterDays: number | null;
  /** Last verification of the copy that was verified longest ago, UTC; null: none was ever verified. */
  readonly oldestVerification: Date | null;
  /** Verifications that wait for a worker. */
  readonly verifications: number;
  /** Repairs that wait for a worker. */
  readonly repairs: number;
}

/** The state of all locations, and raw data without a good copy. */
export interface StorageState {
  /** All locations, by the name of the place. */
  readonly locations: readonly LocationState[];
  /** Raw data without a good copy: an alarm. */
  readonly atRisk: readonly RawDataAtRisk[];
}

const TYPES = Object.values(PhysicalCopyType);

/** Each subquery reads the end of an index, or few rows, so that its time does not depend on the number of copies. */
function ofPlaces(now: string): string {
  const changes = TYPES.map(
    (type) => `SELECT min(it.updated_at) AS changed FROM physical_copy it
        WHERE it.data_location_id = place.id AND it.type = '${type}' AND it.status <> 'deleted'`,
  );
  return `SELECT place.id, (SELECT min(oldest.changed) FROM (${changes.join(' UNION ALL ')}) oldest) AS "oldestChange",
    (SELECT min(it.verified_at) FROM physical_copy it
      WHERE it.data_location_id = place.id AND it.status = 'present') AS "oldestVerification",
    (SELECT count(*) FROM physical_copy it
      WHERE it.data_location_id = place.id AND it.keep_until > ${now} AND it.status <> 'deleted') AS held,
    (SELECT count(*) FROM copy_verification it WHERE it.data_location_id = place.id AND it.status = 'pending') AS verifications,
    (SELECT count(*) FROM copy_repair it WHERE it.destination_location_id = place.id AND it.status = 'pending') AS repairs
  FROM data_location place`;
}

type OfPlace = Readonly<Record<'id' | 'held' | 'verifications' | 'repairs', number>> &
  Readonly<Record<'oldestChange' | 'oldestVerification', Date | string | null>>;

/**
 * Room, age and health of all locations, and raw data without a good copy.
 *
 * @example
 * import { readStorage } from 'ccat-ops-db/report';
 *
 * const { locations, atRisk } = await readStorage(session);
 * const archive = locations.find(({ place }) => place === 'cologne/lta');
 * console.log(archive?.copies, archive?.bad, atRisk.length); // 5 0 0
 */
export async function readStorage(manager: EntityManager): Promise<StorageState> {
  const places = await manager.find(DataLocation, { relations: { site: true } });
  const usage = await usageByLocation(manager);
  const states: OfPlace[] = await manager.query(ofPlaces(dialectOf(manager).now));
  const instant = (value: Date | string | null | undefined) => (value ? asInstant(value) : null);
  const locations = places.map((place) => {
    const there = usage.filter(({ dataLocationId }) => dataLocationId === place.id);
    const bad = there.filter(({ status }) => status === PhysicalCopyStatus.BAD);
    const state = states.find(({ id }) => id === place.id);
    return {
      place: `${place.site?.shortName}/${place.name}`,
      copies: sum(there, 'copies'),
      bytes: sum(there, 'bytes'),
      capacityBytes: place.capacityBytes,
      highWatermarkBytes: place.highWatermarkBytes,
      lettingGoSince: place.lettingGoSince,
      retentionDays: place.retentionDays,
      oldestChange: instant(state?.oldestChange),
      held: Number(state?.held),
      bad: sum(bad, 'copies'),
      verifyAfterDays: place.verifyAfterDays,
      oldestVerification: instant(state?.oldestVerification),
      verifications: Number(state?.verifications),
      repairs: Number(state?.repairs),
    };
  });
  locations.sort((one, other) => (one.place < other.place ? -1 : 1));
  return { locations, atRisk: await rawDataAtRisk(manager) };
}

function sum(usages: readonly Usage[], property: keyof Usage): number {
  return usages.reduce((total, usage) => total + usage[property], 0);
}
