import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import {
  migrate,
  pendingStatements,
  revertLast,
  schemaDrift,
} from '../../src/database/migration-engine/index.js';
import { describeDatabase, getDatabaseUrl } from '../../src/database-url.js';
import {
  createDataSource,
  type DataSourceChoice,
  initCcatOpsDb,
  withDbSession,
} from '../../src/datasource.js';
import {
  DataGrouping,
  DataLocation,
  DataTransfer,
  DataTransferPackage,
  DataTransferPackagePhysicalCopy,
  DataTransferUnpacking,
  DiskDataLocation,
  ExecutedObsUnit,
  ExecutedReductionStep,
  LongTermArchiveTransfer,
  ObsUnit,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  ReductionStep,
  S3DataLocation,
  Site,
} from '../../src/entities/index.js';
import { deletableCopies, lifecycleOf, transition, whereDeletable } from '../../src/lifecycle/index.js';
import { packageRoot } from '../../src/package-root.js';
import { createApiToken, hashToken, permissionsOf, scopeAllows } from '../../src/services/access/index.js';
import { changes } from '../../src/services/changes/index.js';
import { claim, fail, heartbeat, releaseStale } from '../../src/services/claiming/index.js';
import { dispatchOf, obsUnitForDispatch } from '../../src/services/dispatch/index.js';
import {
  assignExecutions,
  fileObsUnits,
  fileRawDataFiles,
  fileRawDataPackage,
  fileRows,
  fileSlots,
  finishObservation,
  instrumentModuleIds,
  noteConditions,
  observingNight,
  startObservation,
} from '../../src/services/filing/index.js';
import { declareBad, planVerifications } from '../../src/services/health/index.js';
import { timeAccounting } from '../../src/services/hours/index.js';
import { readByKey, readMany, streamMany } from '../../src/services/reading/index.js';
import {
  contentHash,
  createRun,
  inputManifest,
  inputSet,
  lineageOf,
  missingRuns,
  outputsOfFolders,
  outputsOfTool,
  packagesOf,
  productsOf,
  readTool,
  registerVersion,
  resolveVersion,
  subGroups,
  submissionOf,
} from '../../src/services/reduction/index.js';
import { currentLsn, parseLsn, waitForLsn, withReadAfter } from '../../src/services/replication/index.js';
import { fromPlain, readPayload, toPlain } from '../../src/services/schemas/index.js';
import {
  findSource,
  lastEndsBefore,
  packagesWithin,
  productsWithin,
  skyPosition,
  sourcesWithin,
  unitVisibility,
  visibility,
  visibleUnits,
} from '../../src/services/sky/index.js';
import { openSpool } from '../../src/services/spool/index.js';
import { holdCopies, releaseHold } from '../../src/services/storage/index.js';
import {
  completeArchiving,
  completeBundle,
  completePackage,
  completeTransfer,
  completeUnpacking,
  giveUpWork,
  planPackages,
  recordCopies,
  requestStaging,
  scheduleDeletions,
  waitingPackages,
} from '../../src/services/transfer/index.js';
import { work } from '../../src/services/working/index.js';
import { explainSettings, loadSettings, readSettings } from '../../src/settings/index.js';
import { grantRead } from '../../src/tools/grant-read/index.js';
import { checkInvariants } from '../../src/tools/integrity/index.js';
import {
  exportPlanning,
  initObsUnits,
  loadObsUnits,
  loadPreScheduledSlots,
  loadSources,
} from '../../src/tools/planning-files/index.js';
import { parseFaults, simulate } from '../../src/tools/simulate/index.js';
import { createTestDatabase, make, undoable } from '../../src/tools/testing/index.js';
import { type DatabaseOptions, describeEachDatabase, onServer } from '../support/databases.js';
import { type Declaration, declarations } from '../support/declarations.js';
import { type Observed, observe, sha256 } from '../support/observed.js';

/** What the types do not allow. */
type Any = never;

interface Given extends Observed {
  readonly dataSource: DataSource;
  readonly manager: EntityManager;
  /** A database with executions; one without tables; one with a table of another program. */
  readonly options: DatabaseOptions;
  readonly empty: DatabaseOptions;
  readonly foreign: DatabaseOptions;
  /** A folder with `settings.toml`, which is no TOML. */
  readonly folder: string;
}
type Call = (given: Given) => unknown;

const NIGHT = { firstNight: '2026-11-30', nights: 1, rate: 1, seed: '1' };
const ID = '01890000-0000-7000-8000-000000000000';
const NEVER = { id: ID };
const BUILT = { worker: 'w', dataLocationId: 1, relativePath: 'a', sizeBytes: 1 };
const CHECKSUM = { checksum: sha256('a'), checksumAlgorithm: 'sha256' } as const;
const CLAIM = { limit: 1, worker: 'w' };
const CONE = { raDeg: 0, decDeg: 91, radiusDeg: 1 };
const RUN = { dims: {}, isFinal: true };
const RULES = [{ entity: 'None', field: 'none', operator: 'eq', value: 1 }];
const OTHER_TOOL = { hints: { 'ccat:Contract': { version: 2 } }, outputs: {} };

const cwd = (folder: string) => ({ cwd: folder, env: {} });
const postgresql = (call: Call) => ({ postgresql: call });
const sqlite = (call: Call) => ({ sqlite: call });
const night = ({ dataSource }: Given, of: (unit: ObsUnit) => unknown) =>
  dataSource.manager.findOneByOrFail(ObsUnit, { available: true }).then(of);

/** The server ends the connection of a transaction; what is called then finds it lost. */
const lost = (call: (manager: EntityManager) => unknown) =>
  postgresql(({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
      await call(manager);
    }),
  );

const IN_HAND = { status: 'in_progress', claimedBy: 'w', heartbeatAt: new Date() } as Any;
const packagesCopy = RawDataPackagePhysicalCopy;
const bundlesCopy = DataTransferPackagePhysicalCopy as unknown as typeof RawDataPackagePhysicalCopy;

/** Adds a copy that is being deleted at this moment: who completes work does not bring it back. */
function deleting(manager: EntityManager, entity: typeof RawDataPackagePhysicalCopy, copy: object) {
  return manager.insert(entity, { id: crypto.randomUUID(), status: 'deletion_in_progress', ...copy });
}

/** Files one more file of the execution, and ends it. */
async function fileUnpackaged({
  manager,
  executedObsUnitId: id,
  instrumentModuleId,
  sourceLocationId,
}: Given) {
  const { obsUnitId } = await manager.findOneByOrFail(ExecutedObsUnit, { id });
  await finishObservation(manager, { id, obsUnitId, endTime: new Date('2026-11-24T04:00:00Z') });
  const origin = { executedObsUnitId: id, instrumentModuleId, sourceLocationId };
  const file = {
    ...origin,
    id: crypto.randomUUID(),
    relativePath: `${crypto.randomUUID()}.fits`,
    sizeBytes: 1,
  };
  await fileRawDataFiles(manager, [file]);
}

/** Has the server go away after the data source was connected. */
async function unreachable({ options }: Given, call: (dataSource: DataSource) => Promise<unknown>) {
  const { host, port } = options.settings.postgresql;
  const proxy = createServer((socket) => {
    const server = connect(port, host);
    socket.pipe(server).pipe(socket);
    for (const end of [socket, server]) end.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const at = { host: '127.0.0.1', port: (proxy.address() as AddressInfo).port, nullPool: true };
  const dataSource = await createDataSource({ ...options, ...at }).initialize();
  proxy.close();
  try {
    return await call(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** A role of the server that may log in. */
async function asRole(
  { empty }: Given,
  rights: string,
  connect: (options: DataSourceChoice) => Promise<unknown>,
) {
  const role = `${empty.settings.postgresql.database}_${crypto.randomUUID().slice(0, 8)}`;
  await onServer(`CREATE ROLE ${role} LOGIN PASSWORD 'p' ${rights}`);
  try {
    return await connect({ ...empty, user: role, password: 'p' });
  } finally {
    await onServer(`DROP ROLE ${role}`);
  }
}

/** What connecting throws, whoever connects. */
function connecting(name: string, connect: (options: DataSourceChoice) => Promise<unknown>) {
  const wrong = (options: object) => postgresql(({ empty }) => connect({ ...empty, ...options }));
  return {
    [`${name} settings_invalid`]: () => connect({ database: 'postgres//u:p@h' }),
    [`${name} database_unsupported`]: () => connect({ databaseType: 'mysql' as Any }),
    [`${name} database_unreachable`]: wrong({ port: 1 }),
    [`${name} database_login_failed`]: wrong({ user: 'no_such_user' }),
    [`${name} database_missing`]: wrong({ dbName: 'no_such_database' }),
    [`${name} database_busy`]: postgresql((given) => asRole(given, 'CONNECTION LIMIT 0', connect)),
  };
}

const init = (options: DataSourceChoice) =>
  initCcatOpsDb(options).then(({ dataSource }) => dataSource.destroy());
const session = (options: DataSourceChoice) => withDbSession((manager) => manager.count(Site), options);

/** What the comments of public functions say that they throw, by function and code. */
const CALLS: Readonly<Record<string, Call | { postgresql?: Call; sqlite?: Call }>> = {
  ...connecting('createDataSource', async (options) => createDataSource(options).initialize()),
  'createDataSource database_not_writable': sqlite(() =>
    createDataSource({ databaseType: 'sqlite', database: '/proc/none/a.sqlite' }).initialize(),
  ),
  ...connecting('initCcatOpsDb', init),
  'initCcatOpsDb database_not_writable': postgresql((given) => asRole(given, '', init)),
  'initCcatOpsDb schema_mismatch': ({ foreign }) => init(foreign),
  'initCcatOpsDb drop_refused': ({ options }) => init({ ...options, drop: true }),
  ...connecting('withDbSession', session),
  'withDbSession database_not_writable': postgresql((given) => asRole(given, '', session)),
  'withDbSession schema_mismatch': ({ foreign }) => session(foreign),
  'withDbSession drop_refused': ({ options }) =>
    withDbSession(async () => 1, { ...options, drop: true } as DataSourceChoice),
  'withDbSession connection_lost': postgresql(({ dataSource }) =>
    withDbSession((manager) => manager.query('SELECT pg_terminate_backend(pg_backend_pid())'), {
      dataSource,
    }),
  ),
  'withDbSession transaction_aborted': ({ dataSource }) =>
    withDbSession((manager) => manager.query('none').catch(() => undefined), { dataSource }),
  'getDatabaseUrl settings_invalid': () =>
    getDatabaseUrl({ databaseType: 'sqlite', database: 'postgres//u:p@h' }),
  'getDatabaseUrl database_unsupported': () => getDatabaseUrl({ databaseType: 'mysql' as Any }),
  'describeDatabase settings_invalid': () =>
    describeDatabase({ databaseType: 'sqlite', database: 'postgres//u:p@h' }),
  'describeDatabase database_unsupported': () => describeDatabase({ databaseType: 'mysql' as Any }),
  'migrate migration_refused': sqlite(({ dataSource }) => migrate(dataSource)),
  'pendingStatements migration_refused': sqlite(({ dataSource }) => pendingStatements(dataSource)),
  'revertLast migration_refused': sqlite(({ dataSource }) => revertLast(dataSource)),
  'schemaDrift database_not_writable': postgresql((given) =>
    asRole(given, '', async (options) => {
      const dataSource = await createDataSource(options).initialize();
      return schemaDrift(dataSource).finally(() => dataSource.destroy());
    }),
  ),
  'currentLsn database_unreachable': postgresql((given) => unreachable(given, currentLsn)),
  'waitForLsn database_unreachable': postgresql((given) =>
    unreachable(given, (from) => waitForLsn(from, 0n)),
  ),
  'withReadAfter database_unreachable': postgresql((given) =>
    unreachable(given, (write) =>
      withReadAfter(0n, (manager) => manager.count(Site), { read: write, write, timeoutMs: 0 }),
    ),
  ),
  'currentLsn connection_lost': lost((manager) => currentLsn(manager)),
  'waitForLsn connection_lost': lost((manager) => waitForLsn(manager, 0n)),
  'withReadAfter connection_lost': postgresql(({ dataSource }) =>
    withReadAfter(0n, (manager) => manager.query('SELECT pg_terminate_backend(pg_backend_pid())'), {
      read: dataSource,
      write: dataSource,
      timeoutMs: 0,
    }),
  ),
  'parseLsn RangeError': () => parseLsn('16-B3'),

  'whereDeletable TypeError': ({ manager }) =>
    whereDeletable(manager.createQueryBuilder(Site, 'it'), Site as Any, 'it'),
  'deletableCopies TypeError': ({ manager }) =>
    deletableCopies(manager, Site as Any, { dataLocationId: 1, limit: 1 }),
  'deletableCopies value_invalid': ({ manager }) =>
    deletableCopies(manager, RawDataFilePhysicalCopy, { dataLocationId: 1, limit: -1 }),
  'lifecycleOf TypeError': () => lifecycleOf(Site),
  'transition transition_illegal': ({ manager }) =>
    transition(manager, RawDataPackage, ID, { from: 'completed', to: 'scheduled' }),
  'transition value_invalid': ({ manager }) =>
    transition(manager, RawDataPackage, 'none', { from: 'pending', to: 'scheduled' }),

  'permissionsOf value_invalid': ({ manager }) => permissionsOf(manager, { user: undefined as Any }),
  'scopeAllows value_invalid': () => scopeAllows('*' as Any, 'read:observations'),
  'hashToken value_invalid': () => hashToken(''),
  'createApiToken token_refused': ({ manager }) =>
    createApiToken(manager, { userId: 1, name: 'a', scopes: [] }),
  'changes cursor_invalid': ({ dataSource }) => changes(dataSource, { since: 'none' }).next(),
  'assignExecutions value_invalid': ({ manager }) => assignExecutions(manager, { beforeS: -1 }),
  'releaseHold value_invalid': ({ manager }) =>
    releaseHold(manager, RawDataFilePhysicalCopy, { where: undefined as Any }),
  'giveUpWork value_invalid': ({ manager }) =>
    giveUpWork(manager, RawDataPackage, { where: undefined as Any, by: 'w' }),
  'lastEndsBefore value_invalid': ({ manager }) => lastEndsBefore(manager, undefined as Any),
  'waitingPackages value_invalid': ({ manager }) => waitingPackages(manager, 0),
  'claim value_invalid': ({ manager }) => claim(manager, RawDataPackage, { ...CLAIM, worker: '' }),
  'claim read_unsupported': ({ manager }) =>
    claim(manager, RawDataPackage, { ...CLAIM, where: { executedObsUnit: NEVER } as Any }),
  'claim TypeError': ({ manager }) => claim(manager, Site as Any, CLAIM),
  'heartbeat value_invalid': ({ manager }) => heartbeat(manager, RawDataPackage, ['none'], 'w'),
  'heartbeat TypeError': ({ manager }) => heartbeat(manager, Site as Any, [], 'w'),
  'fail value_invalid': ({ manager }) => fail(manager, RawDataPackage, ID, { worker: '', error: 'a' }),
  'releaseStale value_invalid': ({ manager }) => releaseStale(manager, RawDataPackage, -1, 'w'),
  'work value_invalid': ({ dataSource }) => work(dataSource, RawDataPackage, { worker: '' }).next(),
  'work read_unsupported': ({ dataSource }) =>
    work(dataSource, RawDataPackage, { worker: 'w', where: { executedObsUnit: NEVER } as Any }).next(),
  'work TypeError': ({ dataSource }) => work(dataSource, Site as Any, { worker: 'w' }).next(),
  'WorkItem.finish transition_illegal': async ({ dataSource, manager }) => {
    const { id } = await make(manager, ExecutedReductionStep);
    const options = { worker: 'w', where: { id }, untilIdle: true };
    for await (const item of work(dataSource, ExecutedReductionStep, options)) await item.finish();
  },
  'dispatchOf TypeError': (given) => night(given, dispatchOf as Any),
  'obsUnitForDispatch unit_unknown': ({ manager }) => obsUnitForDispatch(manager, 'none'),

  'startObservation filing_conflict': ({ manager, executedObsUnitId: id }) =>
    startObservation(manager, { id, obsUnitId: 1, startTime: new Date(0) }),
  'startObservation filing_refused': ({ manager }) =>
    startObservation(manager, { obsUnitId: 999_999, startTime: new Date() }),
  'finishObservation filing_unknown': ({ manager }) =>
    finishObservation(manager, { id: ID, obsUnitId: 999_999, endTime: new Date() }),
  'finishObservation filing_conflict': ({ manager, executedObsUnitId: id }) =>
    finishObservation(manager, { id, obsUnitId: 1, endTime: new Date() }),
  'finishObservation filing_refused': ({ manager }) =>
    finishObservation(manager, { id: ID, obsUnitId: 1, endTime: new Date('none') }),
  'observingNight value_invalid': () => observingNight(new Date('none')),
  'noteConditions filing_unknown': ({ manager }) => noteConditions(manager, { id: ID, pwvMm: 1 }),
  'noteConditions filing_refused': ({ manager }) => noteConditions(manager, { id: ID, pwvMm: '1' as Any }),
  'fileRows filing_conflict': ({ manager, executedObsUnitId: id }) =>
    fileRows(manager, ExecutedObsUnit, [
      { id, obsUnitId: 1, startTime: new Date(0), observingNight: '1970-01-01' },
    ]),
  'fileRows filing_refused': ({ manager }) => fileRows(manager, ExecutedObsUnit, [{ id: 'none' } as Any]),
  'instrumentModuleIds filing_unknown': ({ manager }) => instrumentModuleIds(manager, ['none']),
  'fileObsUnits filing_refused': ({ manager }) =>
    manager
      .findOneByOrFail(ObsUnit, { available: true })
      .then((unit) => fileObsUnits(manager, [{ ...unit, name: 'a', prioritty: 1 } as Any])),
  'fileRawDataFiles filing_conflict': async ({ manager, fileIds }) => {
    const [{ kind: _, ...file }] = (await manager.findBy(RawDataFile, { id: fileIds[0] })) as [RawDataFile];
    const { executedObsUnitId, instrumentModuleId, sourceLocationId, relativePath } = file;
    const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId } as Any;
    return fileRawDataFiles(manager, [
      { ...(origin as object), id: file.id, relativePath, sizeBytes: 1 } as Any,
    ]);
  },
  'fileRawDataFiles filing_refused': ({ manager }) => fileRawDataFiles(manager, [NEVER as Any]),
  'fileRawDataPackage filing_conflict': ({ manager, sourceLocationId, instrumentModuleId }) =>
    fileRawDataPackage(manager, { id: ID, sourceLocationId, instrumentModuleId, fileIds: [ID] }),
  'fileRawDataPackage filing_refused': ({ manager }) =>
    fileRawDataPackage(manager, { id: 'none', fileIds: [] } as Any),
  'fileSlots filing_conflict': async ({ manager }) => {
    const slot = { obsUnitId: 1, startTime: new Date('2027-01-01T03:00:00Z') };
    await fileSlots(manager, [{ ...slot, endTime: new Date('2027-01-01T04:00:00Z') }]);
    await fileSlots(manager, [{ ...slot, endTime: new Date('2027-01-01T05:00:00Z') }]);
  },
  'fileSlots filing_refused': ({ manager }) =>
    fileSlots(manager, [{ obsUnitId: 999_999, startTime: new Date(1), endTime: new Date(2) }]),
  'timeAccounting value_invalid': ({ manager }) =>
    timeAccounting(manager, { first: '2026-12-01', last: '2026-11-01' } as Any),
  'timeAccounting nothing_found': ({ manager }) => timeAccounting(manager, { period: 'none' } as Any),

  'readMany read_unsupported': ({ manager }) => readMany(manager, Site, { withDeleted: true } as Any),
  'readMany value_invalid': ({ manager }) => readMany(manager, Site, { take: -1 }),
  'readByKey read_unsupported': ({ manager }) => readByKey(manager, Site, 1, { relations: ['none'] } as Any),
  'streamMany read_unsupported': ({ manager }) =>
    streamMany(manager, Site, { withDeleted: true } as Any).next(),

  'contentHash value_invalid': () => contentHash({ productIds: ['none'] }),
  'inputSet value_invalid': ({ manager }) => inputSet(manager, {}),
  'inputSet QueryFailedError': ({ manager }) => inputSet(manager, { packageIds: [ID] }),
  'lineageOf value_invalid': ({ manager }) => lineageOf(manager, 'none'),
  'productsOf value_invalid': ({ manager }) => productsOf(manager, 'none'),
  'inputManifest EntityNotFoundError': ({ manager }) => inputManifest(manager, ID),
  'submissionOf EntityNotFoundError': ({ manager }) => submissionOf(manager, ID),
  'outputsOfFolders reduction_output_invalid': () => outputsOfFolders(['../a'], RUN),
  'outputsOfTool reduction_output_invalid': () => {
    const outputs = { map: { type: 'File', 'ccat:role': 'science' } };
    const tool = readTool({ hints: { 'ccat:Contract': { version: 1 } }, outputs });
    return outputsOfTool(tool, { collected: { map: { path: '../a.fits' } } }, RUN);
  },
  'packagesOf filter_rule_invalid': ({ manager }) =>
    packagesOf(manager, { filterRules: RULES as Any, instrumentModuleId: null }).getMany(),
  'subGroups filter_rule_invalid': ({ manager }) =>
    subGroups(
      manager,
      packagesOf(manager, { filterRules: [], instrumentModuleId: null } as Any) as Any,
      ['none'] as Any,
    ),
  'missingRuns filter_rule_invalid': async ({ manager }) => {
    const [step] = (await manager.find(ReductionStep, {
      relations: { pipeline: { dataGrouping: true } } as Any,
      take: 1,
    })) as [ReductionStep];
    await manager
      .createQueryBuilder()
      .update(DataGrouping)
      .set({ filterRules: RULES as Any })
      .execute();
    return missingRuns(manager, step);
  },
  'createRun QueryFailedError': async ({ manager }) => {
    const [step] = (await manager.find(ReductionStep, { take: 1 })) as [ReductionStep];
    const version = await resolveVersion(manager, step);
    return createRun(manager, { step, version, subGroupKey: '', members: { packageIds: [ID] } } as Any);
  },
  'createRun value_invalid': ({ manager }) => createRun(manager, { members: {} } as Any),
  'registerVersion reduction_contract_unsupported': ({ manager }) =>
    registerVersion(manager, { reductionSoftwareId: 1, version: 'a', image: 'a', contractVersion: 2 } as Any),
  'registerVersion reduction_tool_invalid': ({ manager }) =>
    registerVersion(manager, {
      reductionSoftwareId: 1,
      version: 'a',
      image: 'a',
      tool: {
        hints: { 'ccat:Contract': { version: 1 } },
        outputs: { a: { type: 'File', 'ccat:role': 'none' } },
      },
    } as Any),
  'registerVersion QueryFailedError': async ({ manager }) => {
    const version = { reductionSoftwareId: 1, version: 'twice', image: 'a' } as Any;
    await registerVersion(manager, version);
    await registerVersion(manager, version);
  },
  'readTool reduction_contract_unsupported': () => readTool(OTHER_TOOL),
  'readTool reduction_tool_invalid': () =>
    readTool({
      hints: { 'ccat:Contract': { version: 1 } },
      outputs: { a: { type: 'File', 'ccat:role': 'none' } },
    }),

  'toPlain plain_invalid': () => toPlain({} as Any),
  'fromPlain plain_invalid': () => fromPlain(Site, { none: 1 } as Any),
  'readPayload plain_invalid': () => readPayload('ObservationStart', {}),
  'sourcesWithin value_invalid': ({ manager }) => sourcesWithin(manager, CONE),
  'packagesWithin value_invalid': ({ manager }) => packagesWithin(manager, CONE),
  'productsWithin value_invalid': ({ manager }) => productsWithin(manager, CONE),
  'findSource nothing_found': ({ manager }) => findSource(manager, 'none of that name'),
  'findSource value_invalid': ({ manager }) => findSource(manager, 5 as Any),
  'skyPosition value_invalid': () => skyPosition({ body: 'none' } as Any, new Date()),
  'visibility value_invalid': () => visibility({ raDeg: 0, decDeg: 91 }, { night: '2026-11-30' } as Any),
  'unitVisibility value_invalid': () => unitVisibility({ source: null } as Any, { night: 'none' } as Any),
  'visibleUnits value_invalid': ({ manager }) => visibleUnits(manager, 'none' as Any),

  'planPackages filing_refused': async (given) => {
    await fileUnpackaged(given);
    await planPackages(given.manager, { newId: () => given.packageId });
  },
  'planPackages filing_conflict': sqlite(async (given) => {
    const { manager, packageId } = given;
    await fileUnpackaged(given);
    // Somebody else takes the files as soon as they are planned.
    await manager.query(`CREATE TRIGGER takes AFTER INSERT ON raw_data_package BEGIN
      UPDATE raw_data_file SET raw_data_package_id = '${packageId}' WHERE raw_data_package_id IS NULL; END`);
    await planPackages(manager).finally(() => manager.query('DROP TRIGGER takes'));
  }),
  'completePackage filing_conflict': async ({ manager }) => {
    const { id } = await make(manager, RawDataPackage, IN_HAND);
    await deleting(manager, packagesCopy, { rawDataPackageId: id, dataLocationId: 1 });
    await completePackage(manager, id, { ...BUILT, ...CHECKSUM });
  },
  'completePackage filing_refused': ({ manager }) =>
    completePackage(manager, ID, { ...BUILT, ...CHECKSUM, relativePath: '/a' }),
  'completePackage value_invalid': ({ manager }) =>
    completePackage(manager, ID, { ...BUILT, ...CHECKSUM, worker: '' }),
  'completeBundle filing_conflict': async ({ manager }) => {
    const { id } = await make(manager, DataTransferPackage, IN_HAND);
    await deleting(manager, bundlesCopy, { dataTransferPackageId: id, dataLocationId: 1 });
    await completeBundle(manager, id, { ...BUILT, ...CHECKSUM });
  },
  'completeTransfer filing_conflict': async ({ manager }) => {
    const transfer = await make(manager, DataTransfer, IN_HAND);
    const { id, dataTransferPackageId, destinationLocationId: dataLocationId } = transfer;
    await deleting(manager, bundlesCopy, { dataTransferPackageId, dataLocationId });
    await completeTransfer(manager, id, { worker: 'w' });
  },
  'completeUnpacking filing_conflict': async ({ manager }) => {
    const unpacking = await make(manager, DataTransferUnpacking, IN_HAND);
    const { id, dataTransferId, destinationLocationId: dataLocationId } = unpacking;
    const { dataTransferPackageId } = await manager.findOneByOrFail(DataTransfer, { id: dataTransferId });
    const part = await make(manager, RawDataPackage, { dataTransferPackageId, ...CHECKSUM } as Any);
    await deleting(manager, packagesCopy, { rawDataPackageId: part.id, dataLocationId });
    await completeUnpacking(manager, id, {
      worker: 'w',
      packages: [{ rawDataPackageId: part.id, ...CHECKSUM }],
    });
  },
  'completeArchiving filing_conflict': async ({ manager }) => {
    const archiving = await make(manager, LongTermArchiveTransfer, IN_HAND);
    const { id, rawDataPackageId, destinationLocationId: dataLocationId } = archiving;
    await manager.update(RawDataPackage, rawDataPackageId, CHECKSUM);
    await deleting(manager, packagesCopy, { rawDataPackageId, dataLocationId });
    await completeArchiving(manager, id, { worker: 'w', ...CHECKSUM });
  },
  'completeBundle filing_refused': ({ manager }) =>
    completeBundle(manager, ID, { ...BUILT, ...CHECKSUM, sizeBytes: -1 }),
  'completeBundle value_invalid': ({ manager }) =>
    completeBundle(manager, ID, { ...BUILT, ...CHECKSUM, worker: '' }),
  'recordCopies filing_refused': ({ manager }) =>
    recordCopies(manager, RawDataFilePhysicalCopy, { dataLocationId: 1, copies: [{ of: ID }], by: 'w' }),
  'recordCopies value_invalid': ({ manager }) =>
    recordCopies(manager, RawDataFilePhysicalCopy, { dataLocationId: 1, copies: [], by: '' }),
  'recordCopies input_used_up': async ({ manager, fileIds }) => {
    // As work that is tried again reads it.
    const copies = fileIds
      .slice(1)
      .map((of) => ({ of }))
      .values();
    for (let attempt = 0; attempt < 2; attempt++)
      await recordCopies(manager, RawDataFilePhysicalCopy, { dataLocationId: 1, copies, by: 'w' });
  },
  'recordCopies TypeError': ({ manager }) =>
    recordCopies(manager, Site as Any, { dataLocationId: 1, copies: [{ of: ID }], by: 'w' }),
  'recordCopies filing_conflict': async ({ manager, fileIds }) => {
    const where = { rawDataFileId: fileIds[0] as string };
    const { dataLocationId } = await manager.findOneByOrFail(RawDataFilePhysicalCopy, where);
    await manager.update(RawDataFilePhysicalCopy, where, { status: 'deletion_in_progress' });
    const copies = [{ of: where.rawDataFileId, computed: CHECKSUM }];
    await recordCopies(manager, RawDataFilePhysicalCopy, { dataLocationId, copies, by: 'w' });
  },
  'scheduleDeletions value_invalid': ({ manager }) =>
    scheduleDeletions(manager, RawDataFilePhysicalCopy, { dataLocationId: 1, limit: -1, by: 'w' }),
  'requestStaging filing_conflict': async ({ manager }) => {
    const { id: first } = await manager.findOneByOrFail(DataLocation, { locationType: 'processing' });
    const { id: second } = await make(manager, DiskDataLocation, { locationType: 'processing' });
    const id = crypto.randomUUID();
    for (const destinationLocationId of [first, second])
      await requestStaging(manager, { id, destinationLocationId, packageIds: [] });
  },
  'requestStaging value_invalid': ({ manager }) =>
    requestStaging(manager, { id: ID, destinationLocationId: 1, packageIds: ['none'] }),

  'Spool.show nothing_found': ({ folder }) => {
    const spool = openSpool({ path: path.join(folder, 'spool.sqlite') });
    try {
      return spool.show(1);
    } finally {
      spool.close();
    }
  },
  'declareBad value_invalid': ({ manager }) =>
    declareBad(manager, RawDataFilePhysicalCopy, { ids: [], reason: '', by: 'w' }),
  'planVerifications value_invalid': ({ manager }) =>
    planVerifications(manager, { dataLocationId: 1, limit: -1 }),
  'holdCopies value_invalid': ({ manager }) =>
    holdCopies(manager, RawDataFilePhysicalCopy, { where: {}, until: new Date(0), reason: '', by: 'w' }),
  'explainSettings settings_invalid': ({ folder }) => explainSettings(cwd(folder)),
  'readSettings settings_invalid': ({ folder }) => readSettings(cwd(folder)),
  'loadSettings settings_invalid': ({ folder }) => loadSettings(cwd(folder)),
  'S3DataLocation.getS3Credentials settings_invalid': () =>
    Object.assign(new S3DataLocation(), { credentialsPrefix: 'NONE' }).getS3Credentials({}),
  'grantRead database_unsupported': sqlite(({ dataSource }) => grantRead(dataSource, 'none' as Any)),
  'checkInvariants TypeError': ({ manager }) => checkInvariants(manager, { only: ['none'] }),
  'loadSources input_invalid': ({ manager }) => loadSources(manager, '/no/such.cat' as Any),
  'loadObsUnits input_invalid': ({ manager }) => loadObsUnits(manager, ['/no/such.csv']),
  'loadPreScheduledSlots input_invalid': ({ manager }) => loadPreScheduledSlots(manager, '/no/such.csv'),
  'initObsUnits input_invalid': ({ manager }) => initObsUnits(manager, '/no/such'),
  'exportPlanning input_invalid': ({ manager, folder }) => exportPlanning(manager, folder),
  'parseFaults argument_invalid': () => parseFaults('none=0.5'),
  'simulate schema_mismatch': ({ empty }) => simulate(empty, NIGHT),
  'createTestDatabase settings_invalid': () => createTestDatabase({ server: 'postgres//u:p@h' }),
  'createTestDatabase argument_invalid': () => createTestDatabase({ content: 'none' as Any }),
  'make argument_invalid': ({ manager }) => make(manager, Map as Any),
  'undoable argument_invalid': async ({ dataSource }) => {
    const undo = await undoable(dataSource);
    try {
      return await undoable(dataSource);
    } finally {
      await (undo as unknown as { undo(): Promise<void> }).undo?.();
    }
  },
};

/** What needs more than a call: which tests hold it. */
const HELD_BY: Readonly<Record<string, readonly string[]>> = {
  'database/migration-engine/migrations.test.ts': [
    'migrate migration_failed',
    'revertLast migration_failed',
    'schemaDrift database_read_only',
  ],
  'lifecycle/deletion-races.test.ts': ['createRun filing_refused'],
  'seed/seed.test.ts': ['readSeedData seed_data_invalid', 'writeSeedData seed_data_invalid'],
  'services/health/health.test.ts': [
    'completeRepair checksum_mismatch',
    'completeRepair filing_refused',
    'completeVerification filing_refused',
    'completeVerification value_invalid',
  ],
  'services/long-lists.test.ts': ['requestStaging filing_refused'],
  'services/reduction/contract.test.ts': [
    'collectOutputs reduction_output_invalid',
    'inputManifest reduction_contract_unsupported',
    'inputManifest reduction_input_missing',
    'submissionOf reduction_contract_unsupported',
  ],
  'services/reduction/runs.test.ts': ['missingRuns reduction_version_missing'],
  'services/replication/lsn.test.ts': ['currentLsn database_read_only', 'replicationLag database_read_only'],
  'services/spool/spool.test.ts': [
    'Spool.startObservation filing_refused',
    'Spool.startObservation disk_full',
    'Spool.forward database_busy',
    'Spool.drain database_busy',
  ],
  'services/storage/planning.test.ts': ['requestStaging no_room'],
  'services/transfer/transfer.test.ts': [
    'completeArchiving checksum_mismatch',
    'completeStaging filing_conflict',
    'completeUnpacking filing_refused',
    'completeUnpacking checksum_mismatch',
  ],
  'services/working/work.test.ts': ['WorkItem.finish work_lost'],
  'tools/grant-read/grant-read.test.ts': ['grantRead grant_refused', 'grantRead schema_mismatch'],
  'tools/reconcile/reconcile.test.ts': ['reconcile input_invalid'],
  'tools/simulate/simulate.test.ts': [
    'simulate seed_data_invalid',
    'simulate filing_conflict',
    'simulate filing_refused',
  ],
};

/** The functions of the entry points, and the methods of their classes, with what their comments say. */
function* documented(): Generator<readonly [name: string, comment: string]> {
  for (const { name, kind, comment, rest } of declarations) {
    if (kind === 'function') yield [name, comment];
    if (kind.endsWith('class') || kind === 'interface') yield* methodsOf(name, rest);
  }
}

function* methodsOf(name: string, body: Declaration['rest']): Generator<readonly [string, string]> {
  for (const [, comment = '', method] of body.matchAll(
    /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s*(?:static )?(\w+)[(<]/g,
  ))
    yield [`${name}.${method}`, comment];
}

const COMMENTS = new Map<string, string>();
for (const [name, comment] of documented()) COMMENTS.set(name, `${COMMENTS.get(name) ?? ''}\n${comment}`);

/** The codes, or the names of errors, that a comment says are thrown. */
function thrownBy(name: string): string[] {
  const text = (COMMENTS.get(name) ?? '').replace(/\n\s*\*\s*/g, ' ');
  const parts = text
    .split(/@(?=(?:throws|param|returns|example)\b)/)
    .filter((part) => part.startsWith('throws'));
  return parts.flatMap((part) => [
    ...[
      ...part.matchAll(
        /`([a-z0-9]+_[a-z0-9_]+)`|\b(TypeError|RangeError|EntityNotFoundError|QueryFailedError)\b/g,
      ),
    ].map(([, code, error]) => code ?? error ?? ''),
    ...[...part.matchAll(/as \{@link (\w+)\} does/g)].flatMap(([, other = '']) => thrownBy(other)),
  ]);
}

const PROMISED = [...COMMENTS.keys()].flatMap((name) =>
  [...new Set(thrownBy(name))].map((error) => `${name} ${error}`),
);

describe('what comments say that is thrown', () => {
  test('is in a table here, and nothing else is', () => {
    const held = new Set([...Object.keys(CALLS), ...Object.values(HELD_BY).flat()]);
    expect(PROMISED.filter((promise) => !held.has(promise))).toEqual([]);
    const promised = new Set(PROMISED);
    expect([...held].filter((promise) => !promised.has(promise))).toEqual([]);
  });

  test.each(Object.entries(HELD_BY))('is looked at by %s', (file, promises) => {
    const text = readFileSync(path.join(packageRoot(), 'test', file), 'utf8');
    const words = promises.flatMap((promise) => promise.split(/[ .]/));
    expect(words.filter((word) => !new RegExp(`\\b${word}\\b`).test(text))).toEqual([]);
  });
});

describeEachDatabase('what a comment says that is thrown', (database) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
  let given: Given;

  beforeAll(async () => {
    writeFileSync(path.join(folder, 'settings.toml'), '[default\n');
    const options = await database.create('seed');
    const foreign = await database.create('empty');
    const other = await createDataSource(foreign).initialize();
    await other.query('CREATE TABLE "site" (login text)');
    await other.destroy();
    const dataSource = await database.open(options);
    const { manager } = dataSource;
    const empty = await database.create('empty');
    given = { ...(await observe(manager)), dataSource, manager, options, empty, foreign, folder };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const calls = Object.entries(CALLS).flatMap(([promise, call]) => {
    const own = typeof call === 'function' ? call : call[database.type];
    return own ? [[promise, own] as const] : [];
  });
  test.each(calls)('is thrown: %s', async (promise, call) => {
    const error = await Promise.resolve()
      .then(() => call(given))
      .then(
        () => ({ name: 'taken' }),
        (thrown) => thrown,
      );
    const isCoded = !(error instanceof QueryFailedError) && error.code;
    expect(`${isCoded || error.name}`).toBe(promise.split(' ')[1]);
  });
});
