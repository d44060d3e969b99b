import { readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../src/package-root.js';
import { DOMAIN_PURPOSES, INDEX_USES, TABLE_WRITERS } from '../../../src/tools/reference/purposes.js';
import { tables } from '../../entities/model.js';

describe('what the metadata do not hold', () => {
  it('is said of every table: who writes it', () => {
    expect(Object.keys(TABLE_WRITERS).sort()).toEqual(tables.map(({ tableName }) => tableName).sort());
  });

  it('is said of every domain: what it is about', () => {
    const folders = readdirSync(path.join(packageRoot(), 'src', 'entities'), { withFileTypes: true });
    const domains = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(Object.keys(DOMAIN_PURPOSES).sort()).toEqual(domains.sort());
  });

  it('is said of every index: the query that it serves', () => {
    const indexes = tables.flatMap(({ indices }) => indices.map(({ name }) => name));
    expect(Object.keys(INDEX_USES).sort()).toEqual(indexes.sort());
  });
});
