import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/package-root.js';

const DOCS = path.join(packageRoot(), 'docs');
const map = readFileSync(path.join(DOCS, 'architecture.md'), 'utf8');
const steps = [...map.matchAll(/^\| \d+ \|.*\| `(\w+)` \| \[[^\]]*\]\(([^)]*)\) \|$/gm)];

describe('the map of the architecture', () => {
  it.each(steps.map(([, name = '', file = '']) => [name, file] as const))('finds %s in %s', (name, file) => {
    const text = readFileSync(path.join(DOCS, file), 'utf8');
    expect(text).toMatch(new RegExp(`export (?:async )?(?:function\\*?|class|const) ${name}\\b`));
  });

  it('names ten steps of a raw data file, and the files that TypeORM leans on', () => {
    expect(steps.length).toBeGreaterThan(20);
    const named = [...map.matchAll(/`((?:database|services)\/[\w/-]+(?:\.ts|\/))`/g)].map(
      ([, file = '']) => file,
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((file) => !existsSync(path.join(packageRoot(), 'src', file)))).toEqual([]);
  });
});
