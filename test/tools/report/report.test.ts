import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DataSource, MoreThan } from 'typeorm';
import {
  ExecutedObsUnit,
  ExecutedReductionStep,
  ObsUnit,
  RawDataFile,
  RawDataPackage,
} from '../../../src/entities/index.js';
import { describeWarnings } from '../../../src/tools/cli/night.js';
import { ALARM } from '../../../src/tools/html/markup.js';
import { readFlow, readNight, reportPage, waitingWork } from '../../../src/tools/report/index.js';
import { hammer } from '../../../src/tools/report/sky-map.js';
import { readVisibility } from '../../../src/tools/report/visibility.js';
import { describeEachDatabase } from '../../support/databases.js';
import { observe } from '../../support/observed.js';
import { lookAt } from './browser.js';
import { type Seen, type View, WIDTHS } from './look-at-page.js';

const NIGHT = '2026-11-30';

describeEachDatabase('the report of a night', (database) => {
  let dataSource: DataSource;
  const observed = { executions: 0, files: 0, bytes: 0, packages: 0 };

  beforeAll(async () => {
    dataSource = await database.open(await database.create('night'));
    observed.executions = await dataSource.manager.count(ExecutedObsUnit);
    observed.files = await dataSource.manager.count(RawDataFile);
    observed.bytes = Number(await dataSource.manager.sum(RawDataFile, 'sizeBytes'));
    observed.packages = await dataSource.manager.count(RawDataPackage);
  });

  it('has each execution of the night with its files, in the order of their starts', async () => {
    const { executions } = await readNight(dataSource.manager, NIGHT);
    expect(executions).toHaveLength(observed.executions);
    expect(executions.reduce((sum, { files }) => sum + files, 0)).toBe(observed.files);
    expect(executions.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(observed.bytes);
    const starts = executions.map(({ startTime }) => startTime.getTime());
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    for (const { source, instrument, program } of executions)
      expect([source, instrument, program]).not.toContain('');
  });

  it('has every stage done of data that are archived', async () => {
    const { stages, packages } = await readNight(dataSource.manager, NIGHT);
    expect(stages).toHaveLength(8);
    for (const { done, all } of stages) expect([done, all > 0]).toEqual([all, true]);
    expect(packages).toEqual({
      waiting: 0,
      transferring: 0,
      archived: observed.packages,
      failed: 0,
    });
  });

  it('has the reductions that completed with warnings, also those that read products', async () => {
    const undone = new Error('undone');
    const trial = dataSource.transaction(async (manager) => {
      const run = await manager.findOneByOrFail(ExecutedReductionStep, {
        status: 'completed',
        reductionStep: { dependencies: { upstreamPosition: MoreThan(0) } },
      });
      expect((await readNight(manager, NIGHT)).warnings).toEqual([]);
      await manager.update(ExecutedReductionStep, run.id, { withWarnings: true });
      const { warnings } = await readNight(manager, NIGHT);
      expect(warnings).toMatchObject([{ runs: 1, latestRun: run.id }]);
      expect(describeWarnings(warnings).join('\n')).toContain(run.id);
      expect(await reportPage(manager, NIGHT)).toContain(run.id);
      expect((await readNight(manager, '2020-01-01')).warnings).toEqual([]);
      throw undone;
    });
    await expect(trial).rejects.toBe(undone);
    expect(describeWarnings([])).toEqual([]);
  });

  it('has nothing of a night without observations', async () => {
    const { executions, stages } = await readNight(dataSource.manager, '2020-01-01');
    expect(executions).toEqual([]);
    for (const { done, all } of stages) expect([done, all]).toEqual([0, 0]);
  });

  it('follows the bytes of the files from the source to the archive', async () => {
    const { sites, flows } = await readFlow(dataSource.manager, NIGHT, NIGHT);
    const at = (type: string) => sites.find(({ locationType }) => locationType === type);
    expect(at('source')).toMatchObject({ site: 'ccat', present: 0, deleted: observed.bytes });
    expect(at('long_term_archive')).toMatchObject({ site: 'cologne', deleted: 0 });
    expect(at('long_term_archive')?.present).toBeGreaterThanOrEqual(observed.bytes);
    expect(flows).toEqual([expect.objectContaining({ from: 'ccat', to: 'cologne' })]);
    expect(flows[0]?.bytes).toBe(at('long_term_archive')?.present);
  });

  it('has nothing that waits when all is done', async () => {
    expect(await waitingWork(dataSource.manager)).toEqual([]);
  });

  it('says what waits where and since when', async () => {
    const undone = new Error('undone');
    const looked = dataSource.transaction(async (manager) => {
      const { packageId } = await observe(manager);
      const { updatedAt: since } = await manager.findOneByOrFail(RawDataPackage, { id: packageId });
      expect(await waitingWork(manager)).toEqual([
        { work: 'build', place: 'ccat/chai_raw_data', status: 'pending', count: 1, since },
      ]);
      throw undone;
    });
    await expect(looked).rejects.toBe(undone);
  });

  it('shows when each unit could be observed, beside when it was', async () => {
    const { executions } = await readNight(dataSource.manager, NIGHT);
    const visibility = await readVisibility(dataSource.manager, NIGHT, executions);
    for (const { obsUnit, startTime, endTime } of executions)
      expect([
        obsUnit,
        visibility.get(obsUnit)?.some(({ start, end }) => start <= startTime && endTime && endTime <= end),
      ]).toEqual([obsUnit, true]);
    const page = await reportPage(dataSource.manager, NIGHT);
    expect(page.match(/class="done"/g)).toHaveLength(executions.length);
    expect(page.match(/class="visible"/g)).toHaveLength([...visibility.values()].flat().length);
    expect(await reportPage(dataSource.manager, NIGHT, '2026-12-01')).not.toContain('class="visible"');
  });

  it('shows names as they are, whatever is in them', async () => {
    const undone = new Error('undone');
    const looked = dataSource.transaction(async (manager) => {
      const { executions } = await readNight(manager, NIGHT);
      const evil = `<script>alert("1")</script>`;
      await manager.update(ObsUnit, { name: executions[0]?.obsUnit as string }, { name: evil });
      const page = await reportPage(manager, NIGHT);
      expect(page).not.toContain('<script');
      expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
      throw undone;
    });
    await expect(looked).rejects.toBe(undone);
  });

  describe('as a page in a browser', () => {
    const SECTIONS = [
      'timeline',
      'stages',
      'warnings',
      'packages',
      'bytes',
      'flow',
      'sky',
      'executions',
      'waiting',
      'storage',
    ];
    let seen: Seen;

    beforeAll(async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
      try {
        const file = path.join(folder, 'night.html');
        writeFileSync(file, await reportPage(dataSource.manager, NIGHT));
        seen = await lookAt(file);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }, 60_000);

    it('asks the network for nothing and has no error', () => {
      expect([seen.requests, seen.errors]).toEqual([[], []]);
    });

    it('has a legend for each chart, and prints what a window folds away', () => {
      const charts = ['timeline', 'stages', 'packages', 'bytes', 'flow', 'sky'];
      for (const view of seen.views)
        expect(view.charts).toEqual(Object.fromEntries(charts.map((id) => [id, true])));
      expect(seen.views[0]?.text).not.toContain('pwv [mm]');
      expect(seen.printed).toContain('pwv [mm]');
    });

    it.each(WIDTHS)('shows the night in a window of %i pixels', (width) => {
      const { shapes, sections, text, title, overflows } = seen.views[WIDTHS.indexOf(width)] as View;
      expect({ title, overflows }).toEqual({ title: `The night ${NIGHT}`, overflows: false });
      expect(Object.keys(sections)).toEqual(SECTIONS);
      for (const height of Object.values(sections)) expect(height).toBeGreaterThan(40);
      expect(shapes.execution).toHaveLength(observed.executions);
      expect(shapes.position.length).toBeGreaterThan(0);
      for (const shape of [...shapes.execution, ...shapes.position])
        expect(Math.min(shape.width, shape.height)).toBeGreaterThan(0);
      expect(Math.max(...shapes.part.map((part) => part.width))).toBeGreaterThan(100);
      expect(text).toContain(`${observed.executions} executions, ${observed.files} files`);
      expect(text).toContain('Nothing waits.');
    });
  });

  it('says on the page of a night without observations that there was nothing, why, and where there is something', async () => {
    const page = await reportPage(dataSource.manager, '2020-01-01');
    expect(page).not.toContain('http-equiv="refresh"');
    for (const part of ['Nothing was executed.', 'Why there are no charts', `<span>${NIGHT} →</span>`])
      expect(page).toContain(part);
    expect(page).not.toContain('<svg');
  });

  it('outlines what was broken off in the colour of what needs attention, which no instrument has', async () => {
    const undone = new Error('undone');
    const looked = dataSource.transaction(async (manager) => {
      expect(await reportPage(manager, NIGHT)).not.toContain('outlined: aborted or failed');
      const [execution] = (await readNight(manager, NIGHT)).executions;
      await manager.update(ExecutedObsUnit, execution?.id as string, { status: 'aborted' });
      const page = await reportPage(manager, NIGHT);
      expect(page).toContain('outlined: aborted or failed');
      expect(page.match(/class="execution broken-off"/g)).toHaveLength(1);
      expect(page).not.toMatch(new RegExp(`fill="${ALARM}"`));
      throw undone;
    });
    await expect(looked).rejects.toBe(undone);
  });
});

describe('the projection of the sky', () => {
  it('has its middle, its rim and its poles where they belong', () => {
    expect(hammer(0, 0)).toEqual({ x: 400, y: 200 });
    expect(hammer(180, 0).x).toBeCloseTo(0);
    expect(hammer(-180, 0).x).toBeCloseTo(800);
    expect(hammer(0, 90).y).toBeCloseTo(0);
    expect(hammer(0, -90).y).toBeCloseTo(400);
  });
});
