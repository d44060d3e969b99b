import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { packageRoot } from '../../../src/package-root.js';
import { readMetrics } from '../../../src/tools/metrics/index.js';
import { describeSqlite } from '../../support/databases.js';

const read = (...file: string[]) => readFileSync(path.join(packageRoot(), ...file), 'utf8');

interface Asking {
  readonly datasource: { readonly uid: string };
}

interface Panel extends Asking {
  readonly id: number;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets: readonly (Asking & { readonly expr: string })[];
}

describeSqlite('what is said of the metrics', (database) => {
  let names: string[];
  let statuses: (string | undefined)[];

  beforeAll(async () => {
    const dataSource: DataSource = await database.open();
    const families = await readMetrics(dataSource);
    names = families.map(({ name }) => name);
    statuses = families.flatMap(({ samples }) => samples.map(({ labels }) => labels.status));
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

  describe('the dashboard', () => {
    const { __inputs: inputs, panels } = JSON.parse(read('examples', 'dashboard', 'archive.json'));

    it('asks the data source that is chosen when it is imported', () => {
      const uid = `\${${inputs[0].name}}`;
      const asked = panels.flatMap((panel: Panel) => [panel, ...panel.targets]);
      expect(asked.filter(({ datasource }: Asking) => datasource.uid !== uid)).toEqual([]);
      expect(inputs).toMatchObject([{ type: 'datasource', pluginId: 'prometheus' }]);
    });

    it('has panels with keys of their own, side by side on the 24 columns of Grafana', () => {
      expect(new Set(panels.map(({ id }: Panel) => id)).size).toBe(panels.length);
      const fields = panels.flatMap(({ gridPos: { x, y, w, h } }: Panel) =>
        Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
      );
      expect(new Set(fields).size).toBe(fields.length);
      expect(fields.filter((field: string) => Number.parseInt(field, 10) >= 24)).toEqual([]);
    });

    it('looks for statuses that there are', () => {
      const expressions: string[] = panels.flatMap(({ targets }: Panel) => targets.map(({ expr }) => expr));
      const looked = expressions.flatMap(
        (expr) => /work_\w+\{status!?[=~]+"([^"]+)"/.exec(expr)?.[1]?.split('|') ?? [],
      );
      expect(looked.length).toBeGreaterThan(3);
      expect(looked.filter((status) => !statuses.includes(status))).toEqual([]);
    });
  });
});
