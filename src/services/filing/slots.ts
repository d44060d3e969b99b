import { type EntityManager, In, type ObjectLiteral } from 'typeorm';
import { inChunks, type Many } from '../../database/chunks.js';
import { PreScheduledSlot } from '../../entities/index.js';
import { assertIterable } from '../../values/arguments.js';
import { canonicalAsFound, canonicalRows } from '../../values/canonical.js';
import { areTaken, conflictOf, writeUnknown } from './file-rows.js';
import { type Filed, fileInLists } from './lists.js';
import { filingDoor } from './payload-properties.js';

/** A time that is to be kept for a unit. Unit and start tell which slot it is. */
export interface NewSlot {
  /** Unit that the time is kept for. */
  readonly obsUnitId: number;
  /** Start of the slot, UTC. */
  readonly startTime: Date;
  /** End of the slot, UTC. */
  readonly endTime: Date;
  /** Why the time is kept. */
  readonly reason?: string;
}

const SLOT = filingDoor('NewSlot');

/**
 * Takes times for units. Sent twice they change nothing the second time.
 * @param slots any number of them
 * @throws OpsDbError `filing_conflict` when a slot is there with another end or reason; `filing_refused` when a unit is
 *   unknown or a value is not allowed; nothing of the call is written then
 *
 * @example
 * import { fileSlots, ObsUnit } from 'ccat-ops-db';
 *
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { available: true });
 * const startTime = new Date('2026-12-24T03:00:00Z');
 * const slot = { obsUnitId, startTime, endTime: new Date('2026-12-24T03:30:00Z') };
 * console.log(await fileSlots(session, [slot])); // { added: 1, known: 0 }
 * console.log(await fileSlots(session, [slot])); // { added: 0, known: 1 }
 */
export async function fileSlots(manager: EntityManager, slots: Many<NewSlot>): Promise<Filed> {
  assertIterable('slots', slots);
  const metadata = manager.dataSource.getMetadata(PreScheduledSlot);
  const canonical = canonicalRows<NewSlot>(metadata, SLOT);
  return fileInLists(
    manager,
    slots,
    (list) => list.map(canonical),
    async (on, rows) => {
      if (await areTaken(on, [[metadata, rows]])) return rows.length;
      return on.transaction(async (nested) => {
        let added = 0;
        for await (const part of inChunks(rows))
          added += await writeUnknown(nested, metadata, part, (some) => withoutKnown(nested, some));
        return added;
      });
    },
  );
}

/** The slots that are not there yet, each once; those that are there must be as they are given. */
async function withoutKnown(manager: EntityManager, slots: readonly NewSlot[]): Promise<NewSlot[]> {
  const metadata = manager.dataSource.getMetadata(PreScheduledSlot);
  const found = await manager.findBy(PreScheduledSlot, {
    obsUnitId: In([...new Set(slots.map(({ obsUnitId }) => obsUnitId))]),
    startTime: In(slots.map(({ startTime }) => startTime)),
  });
  const canonical = canonicalAsFound<ObjectLiteral>(metadata);
  const known = new Map<string, ObjectLiteral>(found.map((slot) => [keyOf(slot), canonical(slot)]));
  const fresh: NewSlot[] = [];
  for (const slot of slots) {
    const key = keyOf(slot);
    const twin = known.get(key);
    const conflict = twin && conflictOf(metadata, { ...slot, id: key }, { ...twin, id: key });
    if (conflict) throw conflict;
    if (twin) continue;
    fresh.push(slot);
    known.set(key, slot);
  }
  return fresh;
}

function keyOf({ obsUnitId, startTime }: Pick<NewSlot, 'obsUnitId' | 'startTime'>): string {
  return `of unit ${obsUnitId} at ${startTime.toISOString()}`;
}
