import type { EntityManager } from 'typeorm';
import {
  CopyRepair,
  CopyVerification,
  claim,
  completeRepair,
  completeVerification,
  DataLocation,
  declareBad,
  planRepairs,
  planVerifications,
  RawDataPackagePhysicalCopy,
  rawDataAtRisk,
  recordCopies,
  transition,
} from '../../../src/index.js';
import type { Call } from '../call.js';

const worker = 'verifier-1';
const by = 'operator';
const step = { from: 'scheduled', to: 'in_progress', worker };
const entity = RawDataPackagePhysicalCopy;
const archive = { name: 'lta', active: true } as const;

/** A package with a copy in the archive and one at a buffer. */
async function twice(manager: EntityManager) {
  const where = { dataLocation: archive, status: 'present' } as const;
  const copy = await manager.findOneByOrFail(entity, where);
  const { id: dataLocationId } = await manager.findOneByOrFail(DataLocation, { name: 'input_buffer_2' });
  const computed = { checksum: copy.checksum ?? '', checksumAlgorithm: 'sha256' } as const;
  await recordCopies(manager, entity, { dataLocationId, copies: [{ of: copy.rawDataPackageId }], by });
  return { id: copy.id, computed };
}

/** Calls that verify copies again and repair them. */
export const healthCalls: readonly Call[] = [
  {
    name: 'planVerifications',
    atMost: 2,
    async prepare(manager) {
      const { id: dataLocationId } = await manager.findOneByOrFail(DataLocation, archive);
      return (session) => planVerifications(session, { dataLocationId, limit: 2, early: true });
    },
  },
  {
    name: 'completeVerification',
    atMost: 2,
    async prepare(manager) {
      const { id: dataLocationId } = await manager.findOneByOrFail(DataLocation, archive);
      await planVerifications(manager, { dataLocationId, limit: 1, early: true });
      const [{ id, physicalCopyId } = { id: '', physicalCopyId: '' }] = await claim(
        manager,
        CopyVerification,
        { limit: 1, worker },
      );
      await transition(manager, CopyVerification, id, step);
      const { checksum } = await manager.findOneByOrFail(entity, { id: physicalCopyId });
      const computed = { checksum: checksum ?? '', checksumAlgorithm: 'sha256' } as const;
      return (session) => completeVerification(session, id, { worker, ...computed });
    },
  },
  {
    name: 'declareBad',
    atMost: 1,
    async prepare(manager) {
      const { id } = await twice(manager);
      return (session) => declareBad(session, entity, { ids: [id], reason: 'tape torn', by });
    },
  },
  { name: 'rawDataAtRisk', atMost: 1, prepare: async () => rawDataAtRisk },
  { name: 'planRepairs', atMost: 5, prepare: async () => (session) => planRepairs(session) },
  {
    name: 'completeRepair',
    atMost: 2,
    async prepare(manager) {
      const { id: copyId, computed } = await twice(manager);
      await declareBad(manager, entity, { ids: [copyId], reason: 'tape torn', by });
      await planRepairs(manager);
      const where = { physicalCopyId: copyId };
      const [{ id } = { id: '' }] = await claim(manager, CopyRepair, { limit: 1, worker, where });
      await transition(manager, CopyRepair, id, step);
      return (session) => completeRepair(session, id, { worker, ...computed });
    },
  },
];
