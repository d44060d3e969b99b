import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { withDbSession } from '../../src/datasource.js';
import {
  DataLocation,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  StagingJob,
} from '../../src/entities/index.js';
import { transition } from '../../src/lifecycle/index.js';
import {
  authenticate,
  createApiToken,
  hashToken,
  isPermitted,
  isScope,
  permissionsOf,
  scopeAllows,
} from '../../src/services/access/index.js';
import { changes } from '../../src/services/changes/index.js';
import { claim, fail, heartbeat, releaseStale } from '../../src/services/claiming/index.js';
import { assignExecutions, fileRawDataPackage, observingNight } from '../../src/services/filing/index.js';
import { contentHash, inputSet, lineageOf, productsOf } from '../../src/services/reduction/index.js';
import { formatLsn, waitForLsn, withReadAfter } from '../../src/services/replication/index.js';
import { lastEndsBefore } from '../../src/services/sky/index.js';
import { holdCopies, releaseHold } from '../../src/services/storage/index.js';
import {
  beginDeletions,
  bufferOf,
  completeArchiving,
  completePackage,
  endDeletions,
  giveUpWork,
  planBundles,
  planPackages,
  recordCopies,
  releaseStaging,
  requestStaging,
  retryWork,
  scheduleDeletions,
  waitingPackages,
} from '../../src/services/transfer/index.js';
import { work } from '../../src/services/working/index.js';
import { describeEachDatabase } from '../support/databases.js';
import { type Observed, observe, sha256 } from '../support/observed.js';

/** What no caller should pass, and JavaScript does not hinder. */
type Any = never;

const id = uuidv7();
const built = { worker: 'w', dataLocationId: 1, relativePath: 'a.tar', sizeBytes: 1 };
const checksum = { checksum: sha256('x'), checksumAlgorithm: 'sha256' } as const;
const batch = { dataLocationId: 1, limit: 1, by: 'w' };
const step = { from: 'pending', to: 'scheduled' };
const user = { id: 1 };

const WORKERS = [undefined, null, '', 5, 'w\u0000', '\ud800'] as Any[];
const KEYS = [undefined, null, '', 'nope', 7, `{${id}}`] as Any[];
const CONDITIONS = [undefined, null, [], 'failed', 5] as Any[];
const LIMITS = [undefined, null, -1, 1.5, Number.NaN, Infinity, '1'] as Any[];

type Call = (manager: EntityManager) => unknown;

const idle = { worker: 'w', untilIdle: true } as const;
const first = (generator: AsyncGenerator) => generator.next();

const each = (values: readonly Any[], call: (value: Any) => Call) => values.map(call);

/** Every call is refused; nothing is changed by it. */
const REFUSED: Readonly<Record<string, readonly Call[]>> = {
  'a claim without a worker': each(
    WORKERS,
    (worker) => (m) => claim(m, RawDataPackage, { limit: 1, worker }),
  ),
  'a claim without a limit': each(LIMITS, (limit) => (m) => claim(m, RawDataPackage, { limit, worker: 'w' })),
  'a claim with conditions that are none': [
    ...each(
      [null, [], 'status', 5] as Any[],
      (where) => (m) => claim(m, RawDataPackage, { where, limit: 1, worker: 'w' }),
    ),
    ...each(
      [undefined, null, 'x', 1.5, Number.NaN, 2 ** 40, {}] as Any[],
      (sourceLocationId) => (m) =>
        claim(m, RawDataPackage, { where: { sourceLocationId }, limit: 1, worker: 'w' }),
    ),
    ...each(
      KEYS,
      (executedObsUnitId) => (m) =>
        claim(m, RawDataPackage, { where: { executedObsUnitId }, limit: 1, worker: 'w' }),
    ),
  ],
  'a sign of life of nobody': each(WORKERS, (worker) => (m) => heartbeat(m, RawDataPackage, [id], worker)),
  'a sign of life for no row': [
    ...each(KEYS, (key) => (m) => heartbeat(m, RawDataPackage, [key], 'w')),
    (m) => heartbeat(m, RawDataPackage, undefined as Any, 'w'),
  ],
  'a failure of nobody': each(
    WORKERS,
    (worker) => (m) => fail(m, RawDataPackage, id, { worker, error: 'x' }),
  ),
  'a failure of no row': each(
    KEYS,
    (key) => (m) => fail(m, RawDataPackage, key, { worker: 'w', error: 'x' }),
  ),
  'a failure without an error': each(
    [undefined, null, 5, {}] as Any[],
    (error) => (m) => fail(m, RawDataPackage, id, { worker: 'w', error }),
  ),
  'a release after no time': each(
    [undefined, null, -1, Number.NaN, 'soon', Infinity] as Any[],
    (seconds) => (m) => releaseStale(m, RawDataPackage, seconds, 'w'),
  ),
  'a release by nobody': each(WORKERS, (by) => (m) => releaseStale(m, RawDataPackage, 5, by)),

  'a step of no row': each(KEYS, (key) => (m) => transition(m, RawDataPackage, key, step)),
  'a step of a worker without a name': each(
    WORKERS.slice(1),
    (worker) => (m) => transition(m, RawDataPackage, id, { ...step, worker }),
  ),
  'a step from nowhere': [(m) => transition(m, RawDataPackage, id, { from: [], to: 'scheduled' })],
  'a step with values that are none': [
    (m) => transition(m, RawDataPackage, id, { ...step, set: { priority: undefined } }),
    (m) => transition(m, RawDataPackage, id, { ...step, set: { priority: '5' } }),
    (m) => transition(m, RawDataPackage, id, { ...step, set: { prioriti: 5 } }),
    (m) => transition(m, RawDataPackage, id, { ...step, set: { relativePath: '../a' } }),
  ],

  'a package that was built of what is none': [
    (m) => completePackage(m, id, { ...built, ...checksum, relativePath: '/a.tar' }),
    (m) => completePackage(m, id, { ...built, ...checksum, sizeBytes: undefined as Any }),
    (m) => completePackage(m, id, { ...built, checksum: 'DW4M8Q==', checksumAlgorithm: 'crc32c' }),
    ...each(
      WORKERS,
      (worker) => (m: EntityManager) => completePackage(m, id, { ...built, ...checksum, worker }),
    ),
  ],
  'an archiving of nobody': each(
    WORKERS.slice(1),
    (worker) => (m) => completeArchiving(m, id, { worker, ...checksum }),
  ),
  'copies of nothing': [
    ...each(
      KEYS,
      (of) => (m) =>
        recordCopies(m, RawDataPackagePhysicalCopy, { dataLocationId: 1, copies: [{ of }], by: 'w' }),
    ),
    (m) =>
      recordCopies(m, RawDataPackagePhysicalCopy, { dataLocationId: 1, copies: undefined as Any, by: 'w' }),
    (m) =>
      recordCopies(m, RawDataPackagePhysicalCopy, {
        dataLocationId: undefined as Any,
        copies: [{ of: id }],
        by: 'w',
      }),
  ],
  'copies with a checksum that is none': each(
    [{}, { checksum: 'abc' }, { ...checksum, checksum: 'g'.repeat(64) }] as Any[],
    (computed) => (m) =>
      recordCopies(m, RawDataPackagePhysicalCopy, {
        dataLocationId: 1,
        copies: [{ of: id, computed }],
        by: 'w',
      }),
  ),
  'deletions without a limit': [
    ...each(LIMITS, (limit) => (m) => scheduleDeletions(m, RawDataFilePhysicalCopy, { ...batch, limit })),
    ...each(LIMITS, (limit) => (m) => beginDeletions(m, RawDataFilePhysicalCopy, { ...batch, limit })),
  ],
  'deletions of nobody': each(
    WORKERS,
    (by) => (m) => beginDeletions(m, RawDataFilePhysicalCopy, { ...batch, by }),
  ),
  'the end of the deletion of nothing': each(
    KEYS,
    (key) => (m) => endDeletions(m, RawDataFilePhysicalCopy, { ids: [key], by: 'w' }),
  ),
  'bundles without a size': each(
    [-1, Number.NaN, '1', null] as Any[],
    (maxBytes) => (m) => planBundles(m, { originLocationId: 1, maxBytes, by: 'w' }),
  ),
  'packages without a size': each(
    [-1, Number.NaN, '1', null] as Any[],
    (maxBytes) => (m) => planPackages(m, { maxBytes }),
  ),
  'a buffer of no site': each([undefined, null, 'x', 1.5] as Any[], (site) => (m) => bufferOf(m, site)),
  'giving up under conditions that are none, or by nobody': [
    ...each(CONDITIONS, (where) => (m) => giveUpWork(m, RawDataPackage, { where, by: 'w' })),
    ...each(WORKERS, (by) => (m) => giveUpWork(m, RawDataPackage, { where: {}, by })),
  ],
  'a hold of copies under conditions that are none, or its end': [
    ...each(CONDITIONS, (where) => (m) => {
      const hold = { where, until: new Date('2099-01-01T00:00:00Z'), reason: 'r', by: 'w' };
      return holdCopies(m, RawDataFilePhysicalCopy, hold);
    }),
    ...each(CONDITIONS, (where) => (m) => releaseHold(m, RawDataFilePhysicalCopy, { where })),
  ],
  'files of no location, no time or no number of seconds': [
    ...each(
      [null, 'x', 1.5, Number.NaN] as Any[],
      (sourceLocationId) => (m) => assignExecutions(m, { sourceLocationId }),
    ),
    ...each([null, '2026-11-24', 5] as Any[], (since) => (m) => assignExecutions(m, { since })),
    ...each([null, -1, Number.NaN, '5'] as Any[], (beforeS) => (m) => assignExecutions(m, { beforeS })),
    ...each([null, -1, Number.NaN, '5'] as Any[], (afterS) => (m) => assignExecutions(m, { afterS })),
  ],
  'packages that wait nowhere': each(
    [undefined, null, 'x', 1.5] as Any[],
    (location) => (m) => waitingPackages(m, location),
  ),
  'ends before no instant': each(
    [undefined, null, '2026-11-24', new Date('none')] as Any[],
    (before) => (m) => lastEndsBefore(m, before),
  ),
  'tries that are none': each(
    [0, -1, 1.5, Number.NaN, '3', null] as Any[],
    (tries) => (m) => retryWork(m, RawDataPackage, { tries, by: 'w' }),
  ),
  'a staging that is none': [
    ...each(KEYS, (key) => (m) => requestStaging(m, { id, destinationLocationId: 1, packageIds: [key] })),
    ...each(
      [undefined, null, 'x', 1.5] as Any[],
      (destinationLocationId) => (m) => requestStaging(m, { id, destinationLocationId, packageIds: [] }),
    ),
    ...each(KEYS, (key) => (m) => releaseStaging(m, key)),
  ],

  'members that are none': [
    ...each(KEYS, (key) => (m) => inputSet(m, { packageIds: [key] })),
    (m) => inputSet(m, {}),
    ...each(KEYS, (key) => async () => contentHash({ productIds: [key] })),
  ],
  'the lineage of nothing': each(KEYS, (key) => async (m) => lineageOf(m, key)),
  'the products of nothing': each(KEYS, (key) => async (m) => productsOf(m, key)),
  'the night of no instant': each(
    [undefined, null, 'x', new Date('x'), 5] as Any[],
    (instant) => async () => observingNight(instant),
  ),

  'work of nobody': each(
    WORKERS,
    (worker) => (m) => first(work(m.dataSource, RawDataPackage, { ...idle, worker })),
  ),
  'work without a limit': each(
    [0, ...LIMITS.slice(1)] as Any[],
    (limit) => (m) => first(work(m.dataSource, RawDataPackage, { ...idle, limit })),
  ),
  'work without signs of life': each(
    [0, -1, Number.NaN, Infinity, '30', null] as Any[],
    (heartbeatS) => (m) => first(work(m.dataSource, RawDataPackage, { ...idle, heartbeatS })),
  ),
  'work that nothing ends': each(
    [null, 5, {}] as Any[],
    (signal) => (m) => first(work(m.dataSource, RawDataPackage, { ...idle, signal })),
  ),
  'changes since nowhere': each(
    [null, 5, {}, new Date()] as Any[],
    (since) => (m) => first(changes(m.dataSource, { since })),
  ),
  'changes of what is no list': each(
    [null, 5, 'RawDataPackage', RawDataPackage] as Any[],
    (entities) => (m) => first(changes(m.dataSource, { entities })),
  ),
  'changes that nothing ends': each(
    [null, 5, {}] as Any[],
    (signal) => (m) => first(changes(m.dataSource, { signal })),
  ),

  'a place in the log that is none': each(
    [undefined, null, 5, '16/B374D848', -1n, 2n ** 64n] as Any[],
    (lsn) => (m) => waitForLsn(m, lsn),
  ),
  'a place in the log that is none, to read after': each(
    [undefined, null, 5, '16/B374D848', -1n] as Any[],
    (lsn) => (m) =>
      withReadAfter(lsn, async () => 1, { read: m.dataSource, write: m.dataSource, timeoutMs: 0 }),
  ),
  'a place in the log that is none, as text': each(
    [undefined, null, 5, -1n] as Any[],
    (lsn) => async () => formatLsn(lsn),
  ),
  'a wait without an end': [
    ...each(
      [null, -1, Number.NaN, Infinity, '5'] as Any[],
      (timeoutMs) => (m: EntityManager) => waitForLsn(m, 0n, { timeoutMs }),
    ),
    ...each(
      [null, -1, Number.NaN, Infinity, '5'] as Any[],
      (intervalMs) => (m: EntityManager) => waitForLsn(m, 0n, { intervalMs }),
    ),
    ...each(
      [undefined, null, -1, Number.NaN] as Any[],
      (timeoutMs) => (m: EntityManager) =>
        withReadAfter(0n, async () => 1, { read: m.dataSource, write: m.dataSource, timeoutMs }),
    ),
  ],
  'a read of nothing': each(
    [undefined, null, 5] as Any[],
    (reading) => (m) => withReadAfter(0n, reading, { read: m.dataSource, write: m.dataSource, timeoutMs: 0 }),
  ),
  'tries of a unit of work that are none': [
    ...each(
      [0, -1, Number.NaN, '3', null] as Any[],
      (attempts) => (m: EntityManager) =>
        withDbSession(async () => 1, { dataSource: m.dataSource, retry: { attempts } }),
    ),
    ...each(
      [-1, Number.NaN, Infinity, '3', null] as Any[],
      (minDelayMs) => (m: EntityManager) =>
        withDbSession(async () => 1, { dataSource: m.dataSource, retry: { minDelayMs } }),
    ),
  ],

  'what nobody may do': each(
    [undefined, null, {}, { id: undefined }, { id: '1' }] as Any[],
    (nobody) => (m) => permissionsOf(m, { user: nobody }),
  ),
  'what a token may that is none': each(
    [undefined, null, {}, { scopes: undefined }, { scopes: '*' }] as Any[],
    (apiToken) => (m) => isPermitted(m, { user, apiToken }, 'read:observations'),
  ),
  'scopes that are none': each(
    [undefined, null, '*'] as Any[],
    (scopes) => async () => scopeAllows(scopes, 'read:observations'),
  ),
  'the hash of no token': each([undefined, null, '', 5] as Any[], (token) => async () => hashToken(token)),
  'a token that is none': [
    (m) => createApiToken(m, { userId: 1, name: 'x', scopes: undefined as Any }),
    (m) => createApiToken(m, { userId: 1, name: 'x', scopes: [undefined as Any] }),
    (m) => createApiToken(m, { userId: undefined as Any, name: 'x', scopes: ['*'] }),
    (m) => createApiToken(m, { userId: 1, name: undefined as Any, scopes: ['*'] }),
    (m) => createApiToken(m, { userId: 1, name: 'x', scopes: ['*'], expiresAt: '2099-01-01' as Any }),
  ],
};

const CODES = ['value_invalid', 'filing_refused', 'token_refused'];

describeEachDatabase('what callers pass', (database) => {
  let manager: EntityManager;
  let observed: Observed;

  beforeAll(async () => {
    const dataSource = await database.open(await database.create('seed'));
    ({ manager } = dataSource);
    observed = await observe(manager);
    const { executedObsUnitId, instrumentModuleId, sourceLocationId } = observed;
    const of = { executedObsUnitId, instrumentModuleId, sourceLocationId };
    await fileRawDataPackage(manager, { ...of, id, partNumber: 9, fileIds: [] });
  });

  test.each(Object.entries(REFUSED))('is refused: %s', async (_, calls) => {
    const before = await manager.findOneByOrFail(RawDataPackage, { id });
    for (const call of calls) {
      const error = await Promise.resolve()
        .then(() => call(manager))
        .then(
          () => 'taken',
          (refusal) => refusal,
        );
      const code = CODES.includes(error.code) ? 'refused' : error;
      expect([call.toString(), code]).toEqual([call.toString(), 'refused']);
    }
    expect(await manager.findOneByOrFail(RawDataPackage, { id })).toEqual(before);
  });

  test('is a token of nobody where it is none', async () => {
    for (const token of [undefined, null, '', 5, {}] as Any[])
      expect(await authenticate(manager, token)).toBeNull();
    for (const scope of [undefined, null, 5, {}] as Any[]) {
      expect(isScope(scope)).toBe(false);
      expect(scopeAllows(['*'], scope)).toBe(false);
    }
  });

  test('may be a key in capitals', async () => {
    const worker = 'capitals';
    const key = id.toUpperCase();
    const where = { id: key };
    const claimed = await claim(manager, RawDataPackage, { where, limit: 1, worker });
    expect(claimed.map((row) => row.id)).toEqual([id]);
    expect(await heartbeat(manager, RawDataPackage, [key], worker)).toBe(1);
    expect(
      await transition(manager, RawDataPackage, key, { from: 'scheduled', to: 'in_progress', worker }),
    ).toBe(true);
    const { id: dataLocationId } = await manager.findOneByOrFail(DataLocation, { name: 'output_buffer' });
    const upper = { ...checksum, checksum: checksum.checksum.toUpperCase() };
    expect(await completePackage(manager, key, { ...built, ...upper, dataLocationId, worker })).toBe(true);
    expect(await manager.findOneByOrFail(RawDataPackage, { id })).toMatchObject({
      status: 'completed',
      ...checksum,
    });
    const copies = [{ of: key, computed: upper }];
    await recordCopies(manager, RawDataPackagePhysicalCopy, { dataLocationId, copies, by: worker });
    expect(await manager.findBy(RawDataPackagePhysicalCopy, { rawDataPackageId: id })).toMatchObject([
      checksum,
    ]);
  });

  test('is no destination of a staging that is not for processing', async () => {
    const places = await manager.find(DataLocation);
    for (const { id: destinationLocationId, locationType } of places) {
      const job = uuidv7();
      const requested = requestStaging(manager, { id: job, destinationLocationId, packageIds: [] });
      if (locationType === 'processing') expect(await requested).toBe(true);
      else
        await expect(requested).rejects.toMatchObject({
          code: 'filing_refused',
          message: expect.stringContaining('processing'),
        });
      expect(await manager.countBy(StagingJob, { id: job })).toBe(locationType === 'processing' ? 1 : 0);
    }
  });
});
