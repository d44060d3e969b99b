import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { FILTER_OPERATORS } from '../../../src/entities/index.js';
import { packageRoot } from '../../../src/package-root.js';
import { GROUP_BY, packagesOf } from '../../../src/services/reduction/index.js';
import { TABLES } from '../../../src/services/reduction/tables.js';
import { describeEachDatabase } from '../../support/databases.js';

const text = readFileSync(path.join(packageRoot(), 'docs', 'groupings.md'), 'utf8');
const examples = [...text.matchAll(/^```json\n(.*?)^```/gms)].map(([, json]) => json as string);

describe('the documentation of groupings', () => {
  it.each([...TABLES, ...FILTER_OPERATORS, ...GROUP_BY])('explains %s', (name) => {
    expect(text).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\|`, 'm'));
  });
});

describeEachDatabase('the examples of groupings', (database) => {
  let dataSource: DataSource;

  beforeAll(async () => {
    dataSource = await database.open();
  });

  it('are several', () => {
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples)('can be used: %s', async (json) => {
    const query = packagesOf(dataSource.manager, { filterRules: JSON.parse(json), instrumentModuleId: null });
    expect(await query.getCount()).toBe(0);
  });
});

describeEachDatabase('the columns that the documentation names', (database) => {
  it('exist', async () => {
    const dataSource = await database.open();
    const rows = [...text.matchAll(/^\| `(\w+)` \| .* \| (.*) \|$/gm)].filter(([, table]) =>
      TABLES.includes(table as string),
    );
    expect(rows).toHaveLength(TABLES.length);
    for (const [, table, columns] of rows) {
      const known = dataSource.getMetadata(table as string).columns.map(({ databaseName }) => databaseName);
      for (const [, name] of (columns as string).matchAll(/`(\w+)`/g))
        if (name !== 'json_path') expect(known).toContain(name);
    }
  });
});
