import { type EntityMetadata, getMetadataArgsStorage } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { ownTables } from '../../src/database/own-tables.js';
import { columns, model, tables } from '../entities/model.js';
import { describeEachDatabase, describePostgresql } from '../support/databases.js';

/** Units by the end of a property's name, the longest first. */
const UNITS: readonly [ending: string, unit: string][] = [
  ['ArcsecPerMm', 'arcsec/mm'],
  ['MasYr', 'mas/yr'],
  ['BytesS', 'byte/s'],
  ['DegS2', 'deg/s**2'],
  ['DegS', 'deg/s'],
  ['Deg2', 'deg**2'],
  ['Deg', 'deg'],
  ['Arcmin', 'arcmin'],
  ['Arcsec', 'arcsec'],
  ['Ghz', 'GHz'],
  ['Hz', 'Hz'],
  ['Kms', 'km/s'],
  ['MS', 'm/s'],
  ['Bytes', 'byte'],
  ['Gb', 'Gbyte'],
  ['Seconds', 's'],
  ['Hours', 'h'],
  ['H', 'h'],
  ['Days', 'd'],
  ['Percent', '%'],
  ['Jy', 'Jy'],
  ['Um', 'um'],
  ['Mm', 'mm'],
  ['M', 'm'],
  ['S', 's'],
  ['C', 'Celsius'],
];

/** Properties whose names are given by the documented model, without their unit. */
const UNIT_NOT_IN_NAME: readonly string[] = [
  ...['ObsUnit.nominalAlt', 'ObsUnit.minLsa', 'ObsUnit.maxLsa'],
  ...['ExecutedObsUnit.readoutSession', 'RawDataFile.readoutSession'],
  'TimeAllocation.hours',
];

/** Full stops within names, such as `config.json`, do not end a sentence. */
const SENTENCE = /^[A-Z]([^.]|\.(?=\S))*\.$/;
const isNumber = ({ type }: ColumnMetadata) =>
  typeof type === 'string' && ['integer', 'bigint', 'double precision'].includes(type);
const unitIn = (comment = '') => /\[(.*)\]/.exec(comment)?.[1];
const unitOf = (property: string) => UNITS.find(([ending]) => property.endsWith(ending))?.[1];

describe('every column', () => {
  const declared = columns.filter(({ rule }) => rule);

  it('but keys and the times of writing is declared as a logical column', () => {
    const others = columns.filter(({ rule, column }) => !rule && !column.isPrimary && !column.isVirtual);
    expect(new Set(others.map(({ column }) => column.propertyName))).toEqual(
      new Set(['createdAt', 'updatedAt']),
    );
  });

  it('says what null means exactly where it may be null', () => {
    const wrong = declared.filter(
      ({ column, rule }) => /; null: \S/.test(column.comment ?? '') === rule?.required,
    );
    expect(wrong.map(({ name, column }) => `${name}: ${column.comment}`)).toEqual([]);
  });

  it('with a number says the unit that its name ends in', () => {
    const numbers = declared.filter(({ column }) => isNumber(column));
    const wrong = numbers.filter(
      ({ name, column }) =>
        unitIn(column.comment) !== unitOf(column.propertyName) && !UNIT_NOT_IN_NAME.includes(name),
    );
    expect(wrong.map(({ name, column }) => `${name}: ${column.comment}`)).toEqual([]);
    expect(numbers.filter(({ column }) => unitIn(column.comment)).length).toBeGreaterThan(50);
  });

  it('with no number has no unit of its own', () => {
    const others = declared.filter(({ column }) => !isNumber(column) && column.type !== 'jsonb');
    expect(others.filter(({ column }) => unitIn(column.comment)).map(({ name }) => name)).toEqual([]);
  });

  it('of limited physical meaning has its limits', () => {
    const outOf = (property: RegExp, min: number, max = Number.POSITIVE_INFINITY) =>
      declared
        .filter(({ column }) => isNumber(column) && property.test(column.propertyName))
        .filter(({ rule }) => {
          const low = rule?.min ?? rule?.above ?? Number.NEGATIVE_INFINITY;
          const high = rule?.max ?? rule?.below ?? Number.POSITIVE_INFINITY;
          return low < min || high > max;
        })
        .map(({ name }) => name);
    expect({
      declinations: outOf(/^(dec|centerDec|latitude)Deg$/, -90, 90),
      rightAscensions: outOf(/^(ra|centerRa)Deg$/, 0, 360),
      elevations: outOf(/^(elevation(Min|Max)?Deg|nominalAlt)$/, 0, 180),
      percentages: outOf(/Percent$/, 0, 100),
      sizes: outOf(/Bytes$/, 0, Number.MAX_SAFE_INTEGER),
      counts: outOf(/Count$/, 0),
      frequencies: outOf(/Ghz$/, 0),
      priorities: outOf(/^priority$/, 0),
    }).toEqual({
      declinations: [],
      rightAscensions: [],
      elevations: [],
      percentages: [],
      sizes: [],
      counts: [],
      frequencies: [],
      priorities: [],
    });
  });
});

describeEachDatabase('every table and column', (database) => {
  let described: EntityMetadata[];

  beforeAll(async () => {
    described = ownTables(await database.open());
  });

  it('has a comment of one sentence', () => {
    const comments = described.flatMap(({ tableName, comment, columns: own }) => [
      [tableName, comment],
      ...own.map((column) => [`${tableName}.${column.databaseName}`, column.comment]),
    ]);
    expect(comments.filter(([, comment]) => !SENTENCE.test(comment ?? ''))).toEqual([]);
  });
});

describePostgresql('every table and column', (database) => {
  it('has its comment in the database', async () => {
    const dataSource = await database.open();
    const found: { table: string; column: string | null; comment: string }[] = await dataSource.query(
      `SELECT c.relname AS "table", a.attname AS "column",
         coalesce(col_description(c.oid, a.attnum), obj_description(c.oid, 'pg_class')) AS "comment"
       FROM pg_class c LEFT JOIN LATERAL (
         SELECT attname, attnum FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0
         UNION ALL SELECT NULL, NULL) a ON true
       WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
    );
    const comments = new Map(found.map(({ table, column, comment }) => [`${table}.${column}`, comment]));
    for (const { tableName, comment, columns: own } of ownTables(dataSource)) {
      expect([tableName, comments.get(`${tableName}.null`)]).toEqual([tableName, comment]);
      for (const { databaseName, comment } of own) {
        const name = `${tableName}.${databaseName}`;
        expect([name, comments.get(name)]).toEqual([name, comment]);
      }
    }
  });
});

describe('every relation', () => {
  const owning = model.flatMap(({ ownRelations }) =>
    ownRelations.filter(({ isOwning, isManyToMany }) => isOwning && !isManyToMany),
  );
  const named = owning.map((relation) => ({
    name: `${relation.entityMetadata.name}.${relation.propertyName}`,
    relation,
    given: getMetadataArgsStorage().relations.find(
      ({ target, propertyName }) => target === relation.target && propertyName === relation.propertyName,
    )?.options,
  }));

  it.each(named)('$name says whether it may be null and what its deletion does', ({ relation, given }) => {
    expect(given?.nullable).toEqual(expect.any(Boolean));
    if (relation.createForeignKeyConstraints)
      expect(['RESTRICT', 'CASCADE', 'SET NULL']).toContain(given?.onDelete);
    if (given?.onDelete === 'SET NULL') expect(given.nullable).toBe(true);
  });

  it.each(named)('$name agrees with its key column', ({ relation, given }) => {
    const [key] = relation.joinColumns;
    const column = columns.find(
      ({ table, column }) =>
        table === relation.entityMetadata.tableName && column.databaseName === key?.databaseName,
    );
    expect(column?.required).toBe(!given?.nullable);
    expect(key?.referencedColumn?.type).toBe(column?.column.type);
    if (key?.referencedColumn?.isPrimary)
      expect(column?.column.propertyName).toBe(`${relation.propertyName}Id`);
  });

  it('is not eager', () => {
    expect(model.flatMap(({ eagerRelations }) => eagerRelations)).toEqual([]);
  });

  it('without a foreign key of its own has one of several columns', () => {
    const without = named.filter(({ relation }) => !relation.createForeignKeyConstraints);
    for (const { relation } of without) {
      const key = relation.joinColumns[0]?.databaseName ?? '';
      const table = tables.find(({ tableName }) => tableName === relation.entityMetadata.tableName);
      const longer = table?.foreignKeys.filter(({ columnNames }) => columnNames.includes(key));
      expect(new Set(longer?.map(({ columnNames }) => columnNames.length))).toEqual(new Set([2]));
    }
  });
});
