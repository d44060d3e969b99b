import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { ObsUnit, RawDataFilePhysicalCopy, S3DataLocation, Site } from '../../src/entities/index.js';
import { deletableCopies, lifecycleOf, whereDeletable } from '../../src/lifecycle/index.js';
import { claim, heartbeat } from '../../src/services/claiming/index.js';
import { dispatchOf, obsUnitForDispatch } from '../../src/services/dispatch/index.js';
import { fileObsUnits } from '../../src/services/filing/index.js';
import { parseLsn } from '../../src/services/replication/index.js';
import { recordCopies } from '../../src/services/transfer/index.js';
import { work } from '../../src/services/work/index.js';
import { explainSettings, readSettings } from '../../src/settings/index.js';
import { checkInvariants } from '../../src/tools/integrity/index.js';
import { exportPlanning, loadObsUnits, loadPreScheduledSlots } from '../../src/tools/planning-files/index.js';
import { parseFaults, simulate } from '../../src/tools/simulate/index.js';
import { createTestDatabase } from '../../src/tools/testing/index.js';
import { type DatabaseOptions, describeEachDatabase } from '../support/databases.js';

type Any = never;

interface Given {
  readonly manager: EntityManager;
  readonly empty: DatabaseOptions;
  readonly folder: string;
}

const night = { firstNight: '2026-11-30', nights: 1, rate: 1, seed: '1' };
const cwd = (folder: string) => ({ cwd: folder, env: {} });

/** What the comments of public functions say that they throw, where no test of the function itself looks at it. */
const THROWN: Readonly<Record<string, readonly [call: (given: Given) => unknown, error: string]>> = {
  'claim of a class that nobody works on': [
    ({ manager }) => claim(manager, Site as Any, { limit: 1, worker: 'w' }),
    'TypeError',
  ],
  'work on a class that nobody works on': [
    ({ manager }) => work(manager.dataSource, Site as Any, { worker: 'w' }).next(),
    'TypeError',
  ],
  'heartbeat of a class that nobody works on': [
    ({ manager }) => heartbeat(manager, Site as Any, [], 'w'),
    'TypeError',
  ],
  'recordCopies of a class that is no copy': [
    ({ manager }) =>
      recordCopies(manager, Site as Any, {
        dataLocationId: 1,
        copies: [{ of: crypto.randomUUID() }],
        by: 'w',
      }),
    'TypeError',
  ],
  'recordCopies of a file that is not known': [
    ({ manager }) =>
      recordCopies(manager, RawDataFilePhysicalCopy, {
        dataLocationId: 1,
        copies: [{ of: crypto.randomUUID() }],
        by: 'w',
      }),
    'filing_refused',
  ],
  'whereDeletable of a class that is no copy': [
    ({ manager }) => whereDeletable(manager.createQueryBuilder(Site, 'it'), Site as Any, 'it'),
    'TypeError',
  ],
  'deletableCopies of a class that is no copy': [
    ({ manager }) => deletableCopies(manager, Site as Any, { dataLocationId: 1, limit: 1 }),
    'TypeError',
  ],
  'deletableCopies without a limit': [
    ({ manager }) => deletableCopies(manager, RawDataFilePhysicalCopy, { dataLocationId: 1, limit: -1 }),
    'value_invalid',
  ],
  'lifecycleOf a class without one': [() => lifecycleOf(Site), 'TypeError'],
  'lifecycleOf a property without one': [() => lifecycleOf(RawDataFilePhysicalCopy, 'note'), 'TypeError'],
  'dispatchOf a unit without its source': [
    ({ manager }) => manager.findOneByOrFail(ObsUnit, { available: true }).then((unit) => dispatchOf(unit)),
    'TypeError',
  ],
  'obsUnitForDispatch of no unit': [({ manager }) => obsUnitForDispatch(manager, 'none'), 'unit_unknown'],
  'fileObsUnits that the database does not take': [
    ({ manager }) => fileObsUnits(manager, [{ name: 'x', obsModeId: 999_999 } as Any]),
    'filing_refused',
  ],
  'parseLsn of what is none': [() => parseLsn('16-B3'), 'RangeError'],
  'parseFaults of a name that is none': [() => parseFaults('none=0.5'), 'argument_invalid'],
  'parseFaults of a number that is none': [() => parseFaults('corrupted=2'), 'argument_invalid'],
  'simulate without tables': [({ empty }) => simulate(empty, night), 'schema_mismatch'],
  'checkInvariants of none': [({ manager }) => checkInvariants(manager, { only: ['none'] }), 'TypeError'],
  'loadObsUnits of no file': [({ manager }) => loadObsUnits(manager, ['/no/such.csv']), 'input_invalid'],
  'loadPreScheduledSlots of no file': [
    ({ manager }) => loadPreScheduledSlots(manager, '/no/such.csv'),
    'input_invalid',
  ],
  'exportPlanning to a folder with files': [
    ({ manager, folder }) => exportPlanning(manager, folder),
    'input_invalid',
  ],
  'explainSettings of a file that is not TOML': [
    ({ folder }) => explainSettings(cwd(folder)),
    'settings_invalid',
  ],
  'readSettings of a file that is not TOML': [({ folder }) => readSettings(cwd(folder)), 'settings_invalid'],
  'getS3Credentials without variables': [
    () => Object.assign(new S3DataLocation(), { credentialsPrefix: 'NONE' }).getS3Credentials({}),
    'settings_invalid',
  ],
  'createTestDatabase on an address that is none': [
    () => createTestDatabase({ server: 'postgres//u:p@h' }),
    'settings_invalid',
  ],
};

describeEachDatabase('what a comment says that is thrown', (database) => {
  const folder = mkdtempSync(join(tmpdir(), 'ccat-ops-db-test-'));
  let given: Given;

  beforeAll(async () => {
    writeFileSync(join(folder, 'settings.toml'), '[default\n');
    const dataSource = await database.open(await database.create('seed'));
    given = { manager: dataSource.manager, empty: await database.create('empty'), folder };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(Object.entries(THROWN))('is thrown by %s', async (_, [call, expected]) => {
    const error = await Promise.resolve()
      .then(() => call(given))
      .then(
        () => ({ name: 'taken' }),
        (thrown) => thrown,
      );
    expect(error.code ?? error.name).toBe(expected);
  });
});
