import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ExecutedObsUnit, PreScheduledSlot } from '../entities/index.js';
import { haveCommonPlane, haveCommonTime, IMPOSSIBLE, placeOf } from './telescope-triggers.js';

/**
 * Why the database refuses the time of a slot or execution; undefined where it refuses something else.
 * @param row with its unit and times; its key where it is there already
 * @param refused what the driver said
 */
export async function whyTimeIsRefused(
  manager: EntityManager,
  metadata: EntityMetadata,
  row: ObjectLiteral,
  refused: string,
): Promise<string | undefined> {
  const { startTime, endTime } = row;
  const impossible = IMPOSSIBLE.find(({ constraint }) => refused.includes(constraint));
  if (impossible) return `${impossible.message} (${timeText(startTime, endTime)})`;
  if (!refused.includes(`ex_${metadata.tableName}__telescope`)) return undefined;
  const other = await otherAt(manager, metadata, row);
  const what = metadata.tableName === 'executed_obs_unit' ? 'execution' : 'slot';
  return (
    `its time, ${timeText(startTime, endTime)}, overlaps that of ` +
    (other
      ? `${what} ${other.id} of ${other.obsUnit?.name}, ${timeText(other.startTime, other.endTime)}`
      : `another ${what}`) +
    ', on the same telescope: correct the times; two instruments that observe at once through one focal plane are units that both have shares_focal_plane'
  );
}

/** The first row that has the telescope of a unit at some time. */
async function otherAt(
  manager: EntityManager,
  { target }: EntityMetadata,
  { id = null, obsUnitId, startTime: start, endTime: end = null }: ObjectLiteral,
): Promise<ExecutedObsUnit | PreScheduledSlot | null> {
  const query = manager
    .createQueryBuilder<ExecutedObsUnit | PreScheduledSlot>(target, 'other')
    .innerJoinAndSelect('other.obsUnit', 'unit')
    .innerJoin(`(${placeOf(':obsUnitId')})`, 'own', haveCommonPlane('own', 'other'), { obsUnitId })
    .where(haveCommonTime('other', ':start', ':end'), { start, end })
    .orderBy('other.startTime');
  return (id === null ? query : query.andWhere('other.id <> :id', { id })).getOne();
}

function timeText(start: Date, end: Date | null | undefined): string {
  return `${start.toISOString()} to ${end?.toISOString() ?? 'an end that is not known yet'}`;
}
