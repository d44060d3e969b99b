import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'smol-toml';
import type { DataSource } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import * as opsDb from '../../src/index.js';
import { lifecycleOf } from '../../src/lifecycle/index.js';
import { packageRoot } from '../../src/package-root.js';
import { publicValues } from '../support/entry-points.js';

const PUBLISHED_CLASSES = 49;
const MARKS = /^(in code|documented|example|inferred|unknown)/;

type Row = Readonly<Record<string, string>> & { readonly section: string };
type EnumObject = Readonly<Record<string, string>>;

const inProject = (...parts: string[]) => path.join(packageRoot(), ...parts);
const text = readFileSync(inProject('docs', 'documented-model.md'), 'utf8');
const defaults = parse(readFileSync(inProject('settings.toml'), 'utf8')).default as object;
const exported = publicValues();
/** Enumerations are named like classes, single constants in capitals. */
const enums = Object.keys(exported).filter((name) => /[a-z]/.test(name) && enumOf(name));
const rows = readRows();

let dataSource: DataSource;
beforeAll(async () => {
  const loaded = opsDb.loadSettings({ cwd: path.parse(packageRoot()).root, env: {}, warn: () => {} });
  dataSource = opsDb.createDataSource({ database: ':memory:', settings: loaded });
  await dataSource.initialize();
});
afterAll(() => dataSource.destroy());

describe('the page on the documented model', () => {
  it('names nothing that is not there', () => {
    const faults = rows.flatMap((row) => faultsOf(row.here).map((fault) => `${row.documented}: ${fault}`));
    expect(faults).toEqual([]);
  });

  it('says so where a name or a value is not the documented one, or nothing stands for it', () => {
    const silent = rows.filter((row) => row.remark === '' && differs(row));
    expect(silent.map(({ documented }) => documented)).toEqual([]);
  });

  it('gives the evidence of every row, and an address for every page', () => {
    const without = rows.filter(({ evidence }) => !MARKS.test(evidence ?? ''));
    const pages = new Set(text.match(/(?<= )\[[A-Z0-9]+\](?!\()/g));
    expect(without).toEqual([]);
    expect([...pages].filter((page) => !text.includes(`\n${page}: https://`))).toEqual([]);
  });

  it('lists the published classes with their tables', () => {
    const classes = section('Classes');
    expect(classes).toHaveLength(PUBLISHED_CLASSES);
    const wrong = classes.filter(({ documented, here, remark }) => {
      const [name = '', table] = namesIn(documented);
      const [ownName, ownTable] = namesIn(here);
      const { tableType, discriminatorValue } = metadataOf(name) as EntityMetadata;
      const isMember = tableType === 'entity-child';
      const isPlaced = isMember ? namesIn(remark).includes(discriminatorValue as string) : ownTable === table;
      return ownName !== name || !isPlaced;
    });
    expect(wrong).toEqual([]);
  });

  it('accounts for every class of the registry, either as published or as our own', () => {
    const named = [...section('Classes'), ...section('Our own classes')].map(({ here }) => namesIn(here)[0]);
    expect(named.sort()).toEqual(opsDb.entities.map(({ name }) => name).sort());
  });

  it('accounts for every enumeration, of the documented ones with every member', () => {
    const members = section('Enumerations').flatMap(({ here }) => namesIn(here));
    const own = section('Our own enumerations').flatMap(({ here }) => namesIn(here));
    const documented = enums.filter((name) => !own.includes(name));
    const missing = documented.flatMap((name) =>
      Object.keys(enumOf(name) as EnumObject)
        .map((member) => `${name}.${member}`)
        .filter((member) => !members.includes(member)),
    );
    expect(missing).toEqual([]);
  });
});

/** The rows of all tables, by the words of their heads, with the heading that they stand under. */
function readRows(): Row[] {
  return text.split(/^#+ /m).flatMap((part) => {
    const [heading = '', ...lines] = part.split('\n');
    const [head = [], , ...body] = lines.filter((line) => line.startsWith('|')).map(cellsOf);
    return body.map((cells) => ({
      ...Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])),
      section: heading,
    }));
  });
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function section(heading: string): Row[] {
  return rows.filter((row) => row.section === heading);
}

function namesIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);
}

function faultsOf(cell = ''): string[] {
  const names = namesIn(cell);
  if (names.length === 0) return cell === '–' ? [] : ['nothing is named'];
  if (cell.includes('→')) return stepsMissing(names);
  return names.filter((name, at) => !isThere(name, names[at - 1]));
}

/** `Class.property` and then statuses, each of which must be able to follow the one before. */
function stepsMissing([property = '', ...statuses]: string[]): string[] {
  const [owner = '', field] = property.split('.');
  const { transitions } = lifecycleOf(exported[owner] as abstract new () => object, field);
  return statuses.slice(1).filter((to, at) => !transitions[statuses[at] as string]?.includes(to));
}

function isThere(name: string, before = ''): boolean {
  const [owner = '', part = ''] = name.split('.');
  if (name.endsWith('()')) return name.slice(0, -2) in exported;
  if (name.startsWith('opsdb ')) return existsSync(inProject('src', 'tools', 'cli', `${name.slice(6)}.ts`));
  if (name.startsWith('CCAT_OPS_DB_')) return name.slice(12).toLowerCase() in defaults;
  if (/^[a-z]/.test(name)) return name === meaningOf(before);
  if (!part) return owner in exported;
  return part in (enumOf(owner) ?? {}) || hasProperty(owner, part);
}

/** What a word in lower case after a name must be: the value of a member, or the table of a class or relation. */
function meaningOf(name: string): string | undefined {
  const [owner = '', part = ''] = name.split('.');
  const metadata = metadataOf(owner);
  if (!metadata) return enumOf(owner)?.[part];
  if (!part) return metadata.tableName;
  return metadata.findRelationWithPropertyPath(part)?.junctionEntityMetadata?.tableName;
}

function hasProperty(owner: string, property: string): boolean {
  const metadata = metadataOf(owner);
  const isMethod =
    typeof (exported[owner] as { prototype?: object })?.prototype?.[property as never] === 'function';
  return Boolean(
    isMethod ||
      metadata?.findColumnWithPropertyName(property) ||
      metadata?.findRelationWithPropertyPath(property),
  );
}

/** Whether nothing stands for a row, or something of another name than the class, column or member it begins with. */
function differs({ documented = '', here = '' }: Row): boolean {
  if (here === '–') return true;
  if (!/^`[A-Z]\w*[.`]/.test(documented)) return false;
  const own = namesIn(here).map(columnName);
  return namesIn(documented).some((name, at) => name !== own[at]);
}

/** `ObsUnit.sourceId` → `ObsUnit.source_id`; what is no column stays as it is. */
function columnName(name: string): string {
  const [owner = '', property = ''] = name.split('.');
  const column = metadataOf(owner)?.findColumnWithPropertyName(property);
  return column ? `${owner}.${column.databaseName}` : name;
}

function metadataOf(name: string): EntityMetadata | undefined {
  return dataSource.entityMetadatas.find((metadata) => metadata.name === name);
}

function enumOf(name: string): EnumObject | undefined {
  const value = exported[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as EnumObject)
    : undefined;
}
