import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDataSource } from '../src/datasource.js';
import { makeFolder } from '../src/make-folder.js';
import { escapeText } from '../src/tools/html/markup.js';

describe('making a folder', () => {
  let base: string;
  beforeAll(() => {
    base = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
  });
  afterAll(() => rmSync(base, { recursive: true }));

  it('makes those above it, too, and leaves one that is there', () => {
    const folder = path.join(base, 'a', 'b', 'c');
    makeFolder(folder, 0o700);
    makeFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
    expect(statSync(path.dirname(folder)).mode & 0o777).toBe(0o700);
  });

  it('is refused below a file', () => {
    const file = path.join(base, 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(path.join(file, 'a'))).toThrow(/ENOTDIR/);
    expect(() => makeFolder(file)).toThrow(/EEXIST/);
  });

  it('comes to an end where the file system makes none', async () => {
    expect(() => makeFolder('/proc/no/such/folder')).toThrow(/ENOENT/);
    const dataSource = createDataSource({ databaseType: 'sqlite', database: '/proc/no/such/ops.sqlite' });
    await expect(dataSource.initialize()).rejects.toMatchObject({ code: 'database_not_writable' });
  });
});

describe('a text in a page', () => {
  it('cannot turn the writing round', () => {
    expect(escapeText('<b>\u202egnp.exe')).toBe('&lt;b&gt;\\u202egnp.exe');
  });
});
