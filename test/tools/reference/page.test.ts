import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { entities } from '../../../src/entities/index.js';
import { entitySources } from '../../../src/tools/reference/sources.js';
import { OPSDB } from '../../support/opsdb.js';
import { lookWith } from '../report/browser.js';
import type { SchemaSeen, Sight } from './look-at-schema.js';

describe('the page to browse the model', () => {
  let folder: string;
  let file: string;
  let seen: SchemaSeen;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
    file = path.join(folder, 'schema.html');
    await promisify(execFile)(process.execPath, [OPSDB, 'schema', '--html', file]);
    seen = await lookWith(path.join(__dirname, 'look-at-schema.js'), file);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has the TypeScript of every entity', () => {
    const page = readFileSync(file, 'utf8');
    const files = entities.map(({ name }) => entitySources().get(name)?.file);
    expect(files.filter((name) => !page.includes(`TypeScript: ${name}<`))).toEqual([]);
  });

  describe('in a browser', () => {
    const at = (step: string) => seen.sights[step] as Sight;

    it('asks the network for nothing and has no error', () => {
      expect([seen.requests, seen.errors]).toEqual([[], []]);
    });

    it('has columns, an example and the SQL of every table, and only links that lead somewhere', () => {
      expect([seen.incomplete, seen.broken]).toEqual([[], []]);
    });

    it('shows one entry at a time, the overview first', () => {
      expect(at('opened')).toMatchObject({
        headings: ['The operations database'],
        current: 'Overview',
        found: [],
      });
      for (const { headings } of Object.values(seen.sights)) expect(headings).toHaveLength(1);
    });

    it('finds a column by words of its name, from the keyboard alone', () => {
      expect(at('searching')).toMatchObject({ focus: 'search' });
      expect(at('searching').found[0]).toBe('executed_obs_unit.start_time');
      expect(at('opening')).toMatchObject({
        hash: '#executed_obs_unit.start_time',
        row: 'executed_obs_unit.start_time',
        found: [],
        headings: ['executed_obs_unit'],
        current: 'executed_obs_unit',
        focus: 'executed_obs_unit',
      });
    });

    it('puts what has just that name first, and goes through what is found by arrows', () => {
      expect(at('choosing').found[0]).toBe('site');
      expect(at('choosing').found.length).toBeGreaterThan(5);
      expect(at('leaving').found).toEqual([]);
    });

    it('stays where it is when nothing is found', () => {
      expect(at('misspelling')).toMatchObject({ headings: ['executed_obs_unit'], found: [] });
    });

    it('goes along relations by a click and in diagrams by the keyboard, and back', () => {
      expect(at('relation')).toMatchObject({ hash: '#obs_unit', headings: ['obs_unit'] });
      expect(at('diagram')).toMatchObject({ hash: '#obs_unit', headings: ['obs_unit'] });
      expect(at('back')).toMatchObject({ hash: '#domain-execution', headings: ['execution'] });
    });

    it('shows life cycle, rules and an example', () => {
      const { text } = at('lifecycle');
      for (const part of [
        'Life cycle of physical_copy.status',
        'uq_physical_copy__package_at_location',
        'from a simulated night',
      ])
        expect(text).toContain(part);
    });

    it('is light or dark as chosen, and as the computer is otherwise', () => {
      const [light, dark] = [at('light').background, at('dark').background];
      expect(light).not.toBe(dark);
      expect([at('opened').background, at('darkByComputer').background]).toEqual([light, dark]);
    });

    it('fits a wide window and a narrow one', () => {
      expect([at('opened').overflows, at('lifecycle').overflows, at('narrow').overflows]).toEqual([
        false,
        false,
        false,
      ]);
    });
  });
});
