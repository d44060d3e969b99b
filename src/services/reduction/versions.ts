import type { EntityManager } from 'typeorm';
import { ReductionSoftwareVersion, type ReductionStep, VersionPolicy } from '../../entities/index.js';

/** What decides on the version of a step's software. */
export type Versioned = Pick<ReductionStep, 'reductionSoftwareId' | 'versionPolicy' | 'pinnedVersionId'>;

/**
 * The version of its software that a step runs with, by its policy. The newest is the one that was released last; those
 * of which the release is not recorded come after those of which it is, by the order of their rows.
 * @returns null when there is no such version, also when the pinned one is of another software
 *
 * @example
 * import { ReductionSoftwareVersion, ReductionStep, resolveVersion } from 'ccat-ops-db';
 *
 * const step = await session.findOneByOrFail(ReductionStep, { name: 'quicklook' });
 * console.log((await resolveVersion(session, step))?.version); // 1.0.0
 *
 * const { reductionSoftwareId } = step;
 * const image = 'registry.example/primecam-quicklook:1.1.0';
 * const release = { version: '1.1.0', image, releasedAt: new Date('2026-12-01') };
 * await session.insert(ReductionSoftwareVersion, { reductionSoftwareId, ...release });
 * console.log((await resolveVersion(session, step))?.version); // 1.1.0
 */
export function resolveVersion(
  manager: EntityManager,
  { reductionSoftwareId, versionPolicy, pinnedVersionId }: Versioned,
): Promise<ReductionSoftwareVersion | null> {
  return manager.findOne(ReductionSoftwareVersion, {
    where: {
      reductionSoftwareId,
      ...(versionPolicy === VersionPolicy.COMPATIBLE && { compatible: true }),
      ...(versionPolicy === VersionPolicy.PINNED && { id: pinnedVersionId as number }),
    },
    order: { releasedAt: { direction: 'DESC', nulls: 'LAST' }, id: 'DESC' },
  });
}
