import { execFile } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/package-root.js';

const DOCS = path.join(packageRoot(), 'docs');
const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, [path.join(packageRoot(), 'scripts', 'docs.js'), ...args]);
const read = (name: string) => readFileSync(path.join(DOCS, name), 'utf8');

describe('the generated files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are as the code says', async () => {
    const { stdout } = await run('--check');
    expect(stdout).toContain('is as the code says');
  }, 60_000);

  it('are found to be stale when a file differs, is missing or is left over, and are mended', async () => {
    for (const name of ['docs', 'entry', 'schemas', 'settings.toml', 'src/entities', 'src/settings'])
      cpSync(path.join(packageRoot(), name), path.join(folder, name), { recursive: true });
    appendFileSync(path.join(folder, 'docs', 'schema.md'), 'more');
    rmSync(path.join(folder, 'docs', 'diagrams', 'planning.svg'));
    writeFileSync(path.join(folder, 'schemas', 'Gone.json'), '');
    const names = ['docs/schema.md', 'docs/diagrams/planning.svg', 'schemas/Gone.json'];
    await expect(run('--check', '--into', folder)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(names.join(', ')),
    });
    const { stdout } = await run('--into', folder);
    expect(stdout).toMatch(/^Wrote 2 of .* removed 1\.$/m);
    expect(readFileSync(path.join(folder, 'docs', 'schema.md'), 'utf8')).toBe(read('schema.md'));
  }, 120_000);

  it('say what the classes are for, without their examples', () => {
    expect(read('schema.md')).toContain('The schedulable unit of observation: a source');
    expect(read('schema.md')).not.toContain("from 'ccat-ops-db'");
  });

  it('has only links that lead somewhere', () => {
    const anchors = new Map(
      ['schema.md', 'documented-model.md'].map((name) => [name, anchorsOf(read(name))] as const),
    );
    const broken = ['schema.md', 'documented-model.md'].flatMap((page) =>
      [...read(page).matchAll(/\]\(([^)]*)\)/g)]
        .map(([, address = '']) => address)
        .filter((address) => !address.startsWith('http'))
        .filter((address) => {
          const [file, anchor] = address.split('#');
          const known = anchors.get(file || page);
          return known && anchor ? !known.has(anchor) : !existsSync(path.join(DOCS, file || page));
        })
        .map((address) => `${page}: ${address}`),
    );
    expect([...new Set(broken)]).toEqual([]);
  });

  it('links every documented item that something stands for to it', () => {
    const cells = read('documented-model.md')
      .split('\n## ')
      .flatMap((part) => {
        const [head = [], ...rows] = part
          .split('\n')
          .filter((line) => line.startsWith('|'))
          .map((line) => line.split('|'));
        return rows.map((row) => row[head.findIndex((cell) => cell.trim() === 'here')] ?? '');
      });
    const names = cells.flatMap((cell) => cell.match(/\[?`[A-Z]\w*[^`]*`/g) ?? []);
    expect(names.length).toBeGreaterThan(300);
    expect(names.filter((name) => !name.startsWith('['))).toEqual([]);
  });

  it('has diagrams that are drawn without colours of their own', () => {
    const drawings = readdirSync(path.join(DOCS, 'diagrams')).filter((name) => name.endsWith('.svg'));
    expect(drawings.length).toBeGreaterThan(20);
    for (const name of drawings) {
      const shapes = read(path.join('diagrams', name)).split('</style>')[1];
      expect([name, shapes?.match(/(fill|stroke)="#\w+"/g)]).toEqual([name, null]);
    }
  });
});

/** Headings as a page shows them, and anchors of their own. */
function anchorsOf(page: string): Set<string> {
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title.toLowerCase().replaceAll(' ', '-'),
  );
  return new Set([...headings, ...[...page.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)]);
}
