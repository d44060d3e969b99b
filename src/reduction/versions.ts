import type { EntityManager } from 'typeorm';
import { ReductionSoftwareVersion, type ReductionStep, VersionPolicy } from '../entities/index.js';

/** What decides on the version of a step's software. */
export type Versioned = Pick<ReductionStep, 'reductionSoftwareId' | 'versionPolicy' | 'pinnedVersionId'>;

/**
 * The version of its software that a step runs with, by its policy. The newest is the one that was released last; those
 * of which the release is not recorded come after those of which it is, by the order of their rows.
 * @returns null when there is no such version, also when the pinned one is of another software
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
