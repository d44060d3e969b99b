import type { EntityManager } from 'typeorm';
import { CopyRepair, CopyVerification, PhysicalCopy } from '../../entities/index.js';
import { rawDataAtRisk } from '../../services/health/index.js';

/** Counts of verifications and repairs. */
export interface HealthOfCopies {
  /** Copies that were verified again. */
  readonly verified: number;
  /** Verifications that found a copy bad. */
  readonly bad: number;
  /** Copies that were repaired. */
  readonly repaired: number;
  /** Copies that are bad at the end. */
  readonly left: number;
  /** Files and packages of raw data without a good copy. */
  readonly atRisk: number;
}

/** Counts verifications and repairs that have ended. */
export async function healthOfCopies(manager: EntityManager): Promise<HealthOfCopies> {
  return {
    verified: await manager.countBy(CopyVerification, { status: 'completed' }),
    bad: await manager.countBy(CopyVerification, { result: 'bad' }),
    repaired: await manager.countBy(CopyRepair, { status: 'completed' }),
    left: await manager.countBy(PhysicalCopy, { status: 'bad' }),
    atRisk: (await rawDataAtRisk(manager)).length,
  };
}
