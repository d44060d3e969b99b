import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import {
  currentLsn,
  fileRawDataFiles,
  fileRawDataPackage,
  finishObservation,
  ObsUnit,
  Site,
  startObservation,
  withDbSession,
  withReadAfter,
} from '../../../src/index.js';
import { freeTime } from '../../support/free-time.js';
import type { Call } from '../call.js';
import { newFiles, originOf } from './filing.js';

async function observation(manager: EntityManager) {
  const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { available: true });
  const [file, ...more] = await newFiles(manager, 3);
  const { instrumentModuleId, sourceLocationId } = await originOf(manager);
  const id = randomUUID();
  const { startTime, endTime } = freeTime();
  const files = [file, ...more].flatMap((one) => (one ? [{ ...one, executedObsUnitId: id }] : []));
  const part = { executedObsUnitId: id, instrumentModuleId, sourceLocationId };
  return {
    start: { id, obsUnitId, startTime },
    files,
    part: { ...part, id: randomUUID(), fileIds: files.map((one) => one.id) },
    end: { id, obsUnitId, endTime },
  };
}

const siteOf = (manager: EntityManager) => manager.findOneByOrFail(Site, { shortName: 'cologne' });

/** Several calls in one transaction. */
export const unitCalls: readonly Call[] = [
  {
    name: 'withDbSession, one call that is its result',
    atMost: 2,
    async prepare(manager) {
      const { start } = await observation(manager);
      return ({ dataSource }) => withDbSession((nested) => startObservation(nested, start), { dataSource });
    },
  },
  {
    name: 'withDbSession, start, 3 files, package, end',
    atMost: 5,
    async prepare(manager) {
      const { start, files, part, end } = await observation(manager);
      return ({ dataSource }) =>
        withDbSession(
          async (nested) => {
            await startObservation(nested, start);
            await fileRawDataFiles(nested, files);
            await fileRawDataPackage(nested, part);
            await finishObservation(nested, end);
          },
          { dataSource },
        );
    },
  },
  {
    name: 'withDbSession, save',
    async prepare(manager) {
      const site = await siteOf(manager);
      site.name = `Cologne ${randomUUID()}`;
      return ({ dataSource }) => withDbSession((nested) => nested.save(site), { dataSource });
    },
    async typeorm(manager) {
      const site = await siteOf(manager);
      site.name = `Cologne ${randomUUID()}`;
      return (session) => session.save(site);
    },
  },
  {
    name: 'currentLsn',
    atMost: 1,
    prepare: async () => (session) => currentLsn(session),
  },
  {
    name: 'withReadAfter, the primary alone',
    atMost: 1,
    async prepare(manager) {
      const lsn = await currentLsn(manager);
      return ({ dataSource }) =>
        withReadAfter(lsn, siteOf, { read: dataSource, write: dataSource, timeoutMs: 1000 });
    },
  },
];
