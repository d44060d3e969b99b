import type { EntityManager } from 'typeorm';
import { RawDataPackage, type ReadOptions, readByKey, readMany } from '../../../src/index.js';
import type { Call } from '../call.js';

async function someId(manager: EntityManager): Promise<string> {
  return (await manager.findOneByOrFail(RawDataPackage, { fileCount: 18 })).id;
}

const byKey = (name: string, atMost: number, relations: ReadOptions<RawDataPackage>['relations']): Call => ({
  name: `readByKey, ${name}`,
  atMost,
  async prepare(manager) {
    const id = await someId(manager);
    return (session) => readByKey(session, RawDataPackage, id, { relations });
  },
  async typeorm(manager) {
    const id = await someId(manager);
    return (session) => session.findOneOrFail(RawDataPackage, { where: { id }, relations });
  },
});

const many = (name: string, options: ReadOptions<RawDataPackage>): Call => ({
  name: `readMany, ${name}`,
  atMost: 1,
  prepare: async () => (session) => readMany(session, RawDataPackage, options),
  typeorm: async () => (session) => session.find(RawDataPackage, options),
});

const archived = { where: { state: 'archived' }, order: { createdAt: 'ASC', id: 'ASC' } } as const;
const parents = { executedObsUnit: { obsUnit: { source: true } }, instrumentModule: true } as const;
const children = { rawDataFiles: { physicalCopies: true } } as const;

export const readingCalls: readonly Call[] = [
  byKey('alone', 1, {}),
  byKey('2 parents', 1, { executedObsUnit: true, instrumentModule: true }),
  byKey('children and theirs', 1, children),
  byKey('parents and children', 1, { ...parents, ...children }),
  many('alone', archived),
  many('2 parents', { ...archived, relations: { executedObsUnit: true, instrumentModule: true } }),
  many('parents and children', { ...archived, relations: { ...parents, ...children } }),
  many('the first 2, with children', { ...archived, take: 2, relations: children }),
];
