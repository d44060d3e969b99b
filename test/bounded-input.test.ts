import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { leadsOutOf, readBounded } from '../src/bounded-file.js';
import { Site } from '../src/entities/index.js';
import { InvalidInputError } from '../src/errors.js';
import { packageRoot } from '../src/package-root.js';
import { fromPlain, readPayload } from '../src/services/schemas/index.js';
import { loadSettings } from '../src/settings/index.js';
import { initObsUnits, loadSources } from '../src/tools/planning-files/index.js';
import { describeSqlite } from './support/databases.js';

const folder = mkdtempSync(join(tmpdir(), 'ccat-ops-db-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/_invalid$/) });
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

describe('settings without bounds', () => {
  const fromVariable = (name: string, text: string) => () =>
    loadSettings({ cwd: folder, env: { [name]: text }, warn: () => {} });
  const fromFile = (text: string) => () => {
    const cwd = mkdtempSync(join(folder, 'settings-'));
    writeFileSync(join(cwd, 'settings.toml'), text);
    return loadSettings({ cwd, env: {}, warn: () => {} });
  };
  const parts = (count: number, between: string) => Array.from({ length: count }, () => 'a').join(between);

  test.each<[string, () => unknown]>([
    [
      'JSON of 20,000 levels in a variable',
      fromVariable('CCAT_OPS_DB_DATABASE_TYPE', `@json ${deep(20_000)}`),
    ],
    ['a key of 5,000 parts in a file', fromFile(`[default]\n${parts(5000, '.')} = 1\n`)],
    ['a section of 5,000 parts in a file', fromFile(`[${parts(5000, '.')}]\nb = 1\n`)],
    ['a list of 20,000 levels in a file', fromFile(`[default]\na = ${deep(20_000)}\n`)],
    ['JSON of 20,000 levels in a file', fromFile(`[default]\na = '@json ${deep(20_000)}'\n`)],
    ['a file of two megabytes', fromFile(`# ${'x'.repeat(2_000_000)}\n`)],
  ])('are refused: %s', (_, work) => {
    expect(messageOf(work).length).toBeLessThan(100_000);
  });

  test.each([
    `CCAT_OPS_DB_${parts(5000, '__')}`,
    `DYNACONF_DATABASE__${parts(5000, '__')}`,
    `DYNACONF_DATABASE_${parts(5000, '_')}`,
    `ccat_ops_db_${parts(5000, '_')}`,
  ])('are warned of with the beginning of their names', (name) => {
    const warnings: string[] = [];
    loadSettings({ cwd: folder, env: { [name]: '@format x' }, warn: (text) => warnings.push(text) });
    expect(warnings).not.toEqual([]);
    for (const warning of warnings) expect(warning.length).toBeLessThan(500);
  });

  test('are those of a device without an end', () => {
    expect(() => readBounded('/dev/zero')).toThrow('larger than 1000000 bytes');
    const cwd = mkdtempSync(join(folder, 'settings-'));
    symlinkSync('/dev/zero', join(cwd, 'settings.toml'));
    expect(messageOf(() => loadSettings({ cwd, env: {}, warn: () => {} }))).toContain('settings.toml');
  });
});

describe('plain values without bounds', () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key${index}`, index]));

  test.each<[string, () => unknown]>([
    ['unknown keys', () => readPayload('NewRawDataFile', many)],
    ['keys that are none', () => readPayload('NewRawDataPackage', { fileIds: Array(100_000).fill('x') })],
    ['rows that are none', () => fromPlain(Site, { dataLocations: Array(100_000).fill(5) })],
    ['a long name', () => readPayload('NewRawDataFile', { ['k'.repeat(1_000_000)]: 1 })],
    ['a long value', () => readPayload('NewRawDataFile', { relativePath: 'k'.repeat(1_000_000) })],
    ['a deep value', () => readPayload('NewRawDataPackage', { metadata: JSON.parse(`{"a":${deep(5000)}}`) })],
  ])('are refused with a short message: %s', (_, work) => {
    const message = messageOf(work);
    expect(message.length).toBeLessThan(50_000);
    expect(message.split('\n').length).toBeLessThanOrEqual(101);
  });

  test('have a message of a hundred lines at most, whoever made it', () => {
    const issues = Array.from({ length: 5000 }, () => ({ origin: 'a', key: 'b', value: 'c', message: 'd' }));
    const { message } = new InvalidInputError('input_invalid', 'summary', issues);
    expect(message.split('\n')).toHaveLength(102);
    expect(message).toContain('… and 4900 more');
  });
});

describe('a path below a folder', () => {
  test('does not lead out of it, by its name or by symbolic links', () => {
    const root = join(folder, 'root');
    const outside = join(folder, 'outside');
    for (const made of [root, outside, join(root, 'sub')]) mkdirSync(made);
    writeFileSync(join(outside, 'secret.csv'), 'a,b\n');
    writeFileSync(join(root, '..name.csv'), '');
    symlinkSync(join(outside, 'secret.csv'), join(root, 'link.csv'));
    symlinkSync(outside, join(root, 'linked'));
    symlinkSync(join(root, 'sub'), join(root, 'inner'));
    symlinkSync(root, join(folder, 'alias'));
    for (const file of [
      '../outside/secret.csv',
      join(outside, 'secret.csv'),
      'link.csv',
      'linked/secret.csv',
      'sub/../..',
      'linked/new.csv',
    ])
      expect([file, leadsOutOf(root, file)]).toEqual([file, true]);
    for (const file of ['a.csv', 'sub/a.csv', 'inner/a.csv', '..name.csv', 'sub/../a.csv', join(root, 'sub')])
      expect([file, leadsOutOf(root, file)]).toEqual([file, false]);
    expect(leadsOutOf(join(folder, 'alias'), 'sub')).toBe(false);
  });
});

describeSqlite('planning files without bounds', (database) => {
  let dataSource: DataSource;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
  });

  const messageFrom = (loading: Promise<unknown>) =>
    loading.then(
      () => 'loaded',
      ({ message }: Error) => message,
    );

  test('are not those that the index leads to outside of its folder', async () => {
    const input = join(folder, 'input');
    cpSync(join(packageRoot(), 'examples', 'input'), input, { recursive: true });
    const secret = join(folder, 'secret.csv');
    writeFileSync(secret, 'the password\nof the operator\n');
    symlinkSync(secret, join(input, 'programs-link.csv'));
    symlinkSync(secret, join(input, 'inpar', 'LINKED.csv'));
    for (const file of ['../secret.csv', secret, 'programs-link.csv', '/etc/passwd']) {
      writeFileSync(join(input, 'index.yaml'), `observing_program: ${file}\n`);
      const message = await messageFrom(initObsUnits(dataSource.manager, input));
      expect(message).toContain('must lie within the folder of the index');
      expect(message).not.toContain('password');
    }
    writeFileSync(join(input, 'index.yaml'), 'inpar_parameters_folder: inpar\n');
    const message = await messageFrom(initObsUnits(dataSource.manager, input));
    expect(message).toContain('outside of the folder of the index');
    expect(message).not.toContain('password');
  });

  test('are no devices, and have no endless lines', async () => {
    const { manager } = dataSource;
    for (const type of ['csv', 'kosma'] as const) {
      expect(await messageFrom(loadSources(manager, '/dev/zero', { format: type }))).toContain(
        'it is no file',
      );
      const long = join(folder, `long.${type}`);
      writeFileSync(long, 'x'.repeat(5_000_000));
      expect(await messageFrom(loadSources(manager, long))).toMatch(/longer than 1000000 characters/);
    }
  });
});
