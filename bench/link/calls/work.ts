import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import {
  authenticate,
  claim,
  createApiToken,
  fail,
  fileRawDataPackage,
  heartbeat,
  permissionsOf,
  RawDataPackage,
  releaseStale,
  revokeApiToken,
  transition,
  User,
} from '../../../src/index.js';
import type { Call } from '../call.js';
import { originOf } from './filing.js';

const worker = 'builder-1';

/** A package to be built, which the worker has. */
export async function claimed(manager: EntityManager): Promise<string> {
  await fileRawDataPackage(manager, { ...(await originOf(manager)), id: randomUUID(), fileIds: [] });
  const [work] = await claim(manager, RawDataPackage, { limit: 1, worker });
  return work?.id as string;
}

async function token(manager: EntityManager) {
  const { id: userId } = await manager.findOneByOrFail(User, { username: 'demo-service' });
  return createApiToken(manager, { userId, name: randomUUID(), scopes: ['write:*'] });
}

export const workCalls: readonly Call[] = [
  {
    name: 'claim',
    atMost: 1,
    async prepare(manager) {
      await fileRawDataPackage(manager, { ...(await originOf(manager)), id: randomUUID(), fileIds: [] });
      return (session) => claim(session, RawDataPackage, { limit: 1, worker });
    },
  },
  {
    name: 'transition',
    atMost: 1,
    async prepare(manager) {
      const id = await claimed(manager);
      const step = { from: 'scheduled', to: 'in_progress', worker };
      return (session) => transition(session, RawDataPackage, id, step);
    },
  },
  {
    name: 'heartbeat',
    atMost: 1,
    async prepare(manager) {
      const id = await claimed(manager);
      return (session) => heartbeat(session, RawDataPackage, [id], worker);
    },
  },
  {
    name: 'fail, to be tried again',
    atMost: 1,
    async prepare(manager) {
      const id = await claimed(manager);
      return (session) => fail(session, RawDataPackage, id, { error: 'the disk is full', worker });
    },
  },
  {
    name: 'fail, for good',
    atMost: 1,
    async prepare(manager) {
      const id = await claimed(manager);
      await manager.update(RawDataPackage, { id }, { maxRetries: 0 });
      return (session) => fail(session, RawDataPackage, id, { error: 'the disk is full', worker });
    },
  },
  {
    name: 'releaseStale',
    atMost: 1,
    async prepare(manager) {
      const id = await claimed(manager);
      await manager.update(RawDataPackage, { id }, { heartbeatAt: new Date('2020-01-01') });
      return (session) => releaseStale(session, RawDataPackage, 900, 'watchdog');
    },
  },
  {
    name: 'authenticate, noted',
    atMost: 1,
    async prepare(manager) {
      const { token: secret } = await token(manager);
      return (session) => authenticate(session, secret);
    },
  },
  {
    name: 'authenticate, noted before',
    atMost: 1,
    async prepare(manager) {
      const { token: secret } = await token(manager);
      await authenticate(manager, secret);
      return (session) => authenticate(session, secret);
    },
  },
  {
    name: 'permissionsOf',
    atMost: 1,
    async prepare(manager) {
      const user = await manager.findOneByOrFail(User, { username: 'demo-observer' });
      return (session) => permissionsOf(session, { user });
    },
  },
  {
    name: 'createApiToken',
    atMost: 1,
    async prepare(manager) {
      const { id: userId } = await manager.findOneByOrFail(User, { username: 'demo-service' });
      return (session) => createApiToken(session, { userId, name: randomUUID(), scopes: ['write:*'] });
    },
  },
  {
    name: 'revokeApiToken',
    atMost: 1,
    async prepare(manager) {
      const { apiToken } = await token(manager);
      return (session) => revokeApiToken(session, apiToken.id, 'demo-admin');
    },
  },
];
