import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { packageRoot } from '../../../src/package-root.js';
import { readMetrics } from '../../../src/tools/metrics/index.js';
import { describeSqlite } from '../../support/databases.js';

const read = (...file: string[]) => readFileSync(path.join(packageRoot(), ...file), 'utf8');

describeSqlite('what is said of the metrics', (database) => {
  let names: string[];

  beforeAll(async () => {
    const dataSource: DataSource = await database.open();
    names = (await readMetrics(dataSource)).map(({ name }) => name);
  });

  const named = (text: string) =>
    [...new Set(text.match(/\bccat_ops_db_\w+/g))].filter((name) => !name.endsWith('_db_prom'));

  it('names in the page every metric and no other', () => {
    const [table] = read('docs', 'metrics.md').split('## Collecting');
    expect(named(table ?? '').sort()).toEqual([...names].sort());
  });

  it('shows in the dashboard metrics that there are', () => {
    const { panels } = JSON.parse(read('examples', 'dashboard', 'archive.json'));
    const shown = panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
      targets.flatMap(({ expr }) => named(expr)),
    );
    expect(shown.length).toBeGreaterThanOrEqual(panels.length);
    expect(shown.filter((name: string) => !names.includes(name))).toEqual([]);
  });
});
