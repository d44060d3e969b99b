import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { entities } from '../../src/entities/index.js';
import { packageRoot } from '../../src/package-root.js';

const FOLDER = join(packageRoot(), 'src', 'entities');
const domains = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const classFiles = domains.flatMap(({ name }) =>
  readdirSync(join(FOLDER, name)).filter((file) => file !== 'enums.ts'),
);

describe('the registry of entities', () => {
  it('names every class of the domain folders and no other', () => {
    const classes = classFiles.map((file) =>
      basename(file, '.ts').replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase()),
    );
    expect(entities.map(({ name }) => name).sort()).toEqual(classes.sort());
  });

  it('names no class twice', () => {
    expect(new Set(entities).size).toBe(entities.length);
  });
});
