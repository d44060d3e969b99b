import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { entities, entitiesByName } from '../../src/entities/index.js';
import { packageRoot } from '../../src/package-root.js';

const FOLDER = join(packageRoot(), 'src', 'entities');
const domains = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const classFiles = domains.flatMap(({ name }) =>
  readdirSync(join(FOLDER, name)).filter((file) => file !== 'enums.ts'),
);

const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name);

describe('the registry of entities', () => {
  it('names every class of the domain folders and no other', () => {
    const classes = classFiles.map((file) =>
      basename(file, '.ts').replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase()),
    );
    expect(entities.map(({ name }) => name).sort()).toEqual(classes.sort());
  });

  it('gives each class its name, which a bundler may have shortened', () => {
    expect(Object.values(entitiesByName).sort(byName)).toEqual([...entities].sort(byName));
    for (const [name, entity] of Object.entries(entitiesByName)) expect(entity.name).toBe(name);
  });

  it('names no class twice', () => {
    expect(new Set(entities).size).toBe(entities.length);
  });
});
