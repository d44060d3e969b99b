import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { type BoundStatement, refuseIfAny } from '../../database/together.js';
import { DataLocation, PhysicalCopyStatus } from '../../entities/index.js';
import { locationUsage } from './usage.js';

/** Copies in these are as good as gone. */
const ON_THEIR_WAY_OUT = [PhysicalCopyStatus.DELETION_SCHEDULED, PhysicalCopyStatus.DELETION_IN_PROGRESS];

/** A condition of what is sent with it: no watermark of a location asks for anything, see {@link bytesToLetGo}. */
export function refuseUnderPressure(dataSource: DataSource, dataLocationId: number): BoundStatement {
  const staying = `SELECT sum(entry.bytes) FROM location_usage_entry entry
    WHERE entry.data_location_id = place.id AND CAST(entry.copy_status AS text) NOT IN (:...leaving)`;
  const pressed = `data_location place WHERE place.id = :dataLocationId
    AND (place.letting_go_since IS NOT NULL OR place.high_watermark_bytes < (${staying}))`;
  return refuseIfAny(dataSource, pressed, { dataLocationId, leaving: ON_THEIR_WAY_OUT });
}

/**
 * How much has to go from a location: since more lies there than the high watermark, until no more lies there than the low one.
 * The location notes that it lets go, and holds its row until the end of the transaction, so that two that ask at once do not
 * both let go of the same amount.
 * @param manager of a transaction
 * @returns in bytes; 0 where there is room, or no watermark
 */
export async function bytesToLetGo(manager: EntityManager, dataLocationId: number): Promise<number> {
  const marks = await manager.findOneBy(DataLocation, { id: dataLocationId });
  if (!marks || marks.highWatermarkBytes === null) return 0;
  const { hasServer, now } = dialectOf(manager);
  const locked = manager.createQueryBuilder(DataLocation, 'it').where({ id: dataLocationId });
  if (hasServer) locked.setLock('for_no_key_update');
  const { highWatermarkBytes, lowWatermarkBytes, lettingGoSince } = await locked.getOneOrFail();
  const { bytes, byStatus } = await locationUsage(manager, { dataLocationId });
  const leaving = ON_THEIR_WAY_OUT.reduce((sum, status) => sum + (byStatus[status]?.bytes ?? 0), 0);
  const staying = bytes - leaving;
  const limit = (lettingGoSince ? lowWatermarkBytes : highWatermarkBytes) ?? Number.POSITIVE_INFINITY;
  const isLettingGo = staying > limit;
  if (isLettingGo !== (lettingGoSince !== null))
    await manager.update(DataLocation, dataLocationId, { lettingGoSince: isLettingGo ? () => now : null });
  return isLettingGo ? staying - (lowWatermarkBytes ?? 0) : 0;
}
