import { execFileSync } from 'node:child_process';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { schemas as published } from 'ccat-ops-db/schemas';
import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import { CHECKSUM_LENGTHS } from '../../../src/entities/checksum.js';
import { entities } from '../../../src/entities/index.js';
import { packageRoot } from '../../../src/package-root.js';
import { toPlain } from '../../../src/services/schemas/index.js';
import type { JsonSchema } from '../../../src/services/schemas/json-schema.js';
import { checkCases } from '../../entities/check-cases.js';
import { columns, concrete, metadataOf } from '../../entities/model.js';
import { Trial } from '../../entities/trial.js';
import { describeEachDatabase } from '../../support/databases.js';

const schemas: Readonly<Record<string, JsonSchema>> = published;

const ajv = new Ajv2020({ strictTypes: true, allowUnionTypes: true });
addFormats.default(ajv);
ajv.addVocabulary(['x-unit']);
for (const schema of Object.values(schemas)) ajv.addSchema(schema);

const classes = concrete.filter(({ target }) => typeof target === 'function').map(({ name }) => name);

function validatorOf(name: string): ValidateFunction {
  return ajv.getSchema(schemas[name]?.$id as string) as ValidateFunction;
}

interface PropertySchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

interface Case {
  readonly value: unknown;
  readonly isValid: boolean;
  /** SQLite has no type that would refuse the value. */
  readonly isTypeOfPostgresql?: boolean;
}

/** Values that a property's schema just allows and just refuses. */
function casesOf(schema: PropertySchema): Case[] {
  const types = [schema.type ?? []].flat();
  const isWhole = types.includes('integer');
  const inside = (value: unknown) => ({ value, isValid: true });
  const outside = (value: unknown, isTypeOfPostgresql = false) => ({
    value,
    isValid: false,
    isTypeOfPostgresql,
  });
  const step = (limit: number) => (isWhole ? 1 : Math.max(Math.abs(limit), 1) * 1e-9);
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength } = schema;
  const cases: Case[] = [{ value: null, isValid: types.includes('null') }];
  if (schema.enum) {
    const values = schema.enum.filter((value) => value !== null);
    cases.push(...values.map(inside), outside('no_such_value'), outside(String(values[0]).toUpperCase()));
  }
  if (minimum !== undefined)
    cases.push(inside(minimum), outside(minimum - step(minimum), Math.abs(minimum) >= INT32));
  if (maximum !== undefined)
    cases.push(inside(maximum), outside(maximum + step(maximum), isWhole && maximum === INT32 - 1));
  if (exclusiveMinimum !== undefined)
    cases.push(outside(exclusiveMinimum), inside(exclusiveMinimum + step(exclusiveMinimum)));
  if (exclusiveMaximum !== undefined)
    cases.push(outside(exclusiveMaximum), inside(exclusiveMaximum - step(exclusiveMaximum)));
  if (minLength !== undefined) cases.push(outside('f'.repeat(minLength - 1)));
  if (maxLength !== undefined) cases.push(inside('f'.repeat(maxLength)), outside('f'.repeat(maxLength + 1)));
  if (minLength === 1) cases.push(outside('a\0', true));
  if (schema.format)
    cases.push(...(OUTSIDE_FORMATS[schema.format] ?? []).map((value) => outside(value, true)));
  return cases;
}

const INT32 = 2 ** 31;
const OUTSIDE_FORMATS: Readonly<Record<string, readonly string[]>> = {
  uuid: [
    'not-a-uuid',
    '0190e2a4-7c1f-7000-8000-00000000000',
    'urn:uuid:0190e2a4-7c1f-7000-8000-000000000000',
  ],
  date: ['2026-02-30', '0000-01-01', 'today is not'],
  'date-time': ['2026-02-30T25:00:00Z', 'whenever'],
};

describe('the schemas', () => {
  it('are there for every entity', () => {
    const missing = entities.filter(({ name }) => !(name in schemas)).map(({ name }) => name);
    expect(missing).toEqual([]);
  });

  it('describe every property in words, a number with its unit', () => {
    const properties = Object.entries(schemas).flatMap(([name, schema]) =>
      Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).map(([property, own]) => ({
        name: `${name}.${property}`,
        own,
      })),
    );
    const silent = properties.filter(({ own }) => !own.description && !own.enum).map(({ name }) => name);
    expect(silent).toEqual([]);
    expect(schemas.FixedSource?.properties).toMatchObject({ raDeg: { 'x-unit': 'deg' } });
  });

  it('can be required, imported, and read as files', () => {
    expect(require('ccat-ops-db/schemas/RawDataFile.json')).toEqual(schemas.RawDataFile);
    // Jest runs no ES modules.
    const code = `import { schemas } from 'ccat-ops-db/schemas'; console.log(Object.keys(schemas).length);`;
    const node = [process.execPath, ['--input-type=module', '-e', code]] as const;
    const printed = execFileSync(...node, { cwd: packageRoot(), encoding: 'utf8' });
    expect(Number(printed)).toBe(Object.keys(schemas).length);
  });
});

describeEachDatabase('the schema of', (database) => {
  let trial: Trial;
  let manager: EntityManager;

  beforeAll(async () => {
    trial = await Trial.begin(await database.open());
    manager = trial.manager;
  });

  afterAll(() => trial.end());

  const keyOf = ({ primaryColumns, name }: EntityMetadata): ObjectLiteral =>
    Object.fromEntries(
      primaryColumns.map(({ propertyName }) => [propertyName, trial.rows[name]?.[propertyName]]),
    );

  /** The row of a class as JSON, with what queries leave out. */
  async function rowOf(name: string): Promise<ObjectLiteral> {
    const { target } = metadataOf(name);
    const hidden = metadataOf(name).columns.filter(({ isSelect }) => !isSelect);
    const query = manager.createQueryBuilder(target, 'row').where(keyOf(metadataOf(name)));
    for (const { propertyName } of hidden) query.addSelect(`row.${propertyName}`);
    return JSON.parse(JSON.stringify(toPlain((await query.getOneOrFail()) as object, { secrets: true })));
  }

  it.each(classes)('%s takes the row that the database has', async (name) => {
    const validate = validatorOf(name);
    const row = await rowOf(name);
    expect([validate(row), validate.errors]).toEqual([true, null]);
    const { required = [] } = schemas[name] as { required?: string[] };
    for (const property of required) {
      const { [property]: _, ...rest } = row;
      expect([property, validate(rest)]).toEqual([property, false]);
    }
    expect(validate({ ...row, no_such_property: 1 })).toBe(false);
  });

  it.each(classes)('%s agrees with the database on every column', async (name) => {
    const validate = validatorOf(name);
    const row = await rowOf(name);
    const properties = schemas[name]?.properties as Record<string, PropertySchema & JsonSchema>;
    const metadata = metadataOf(name);
    for (const column of metadata.columns) {
      const { propertyName: property, databaseName } = column;
      const schema = properties[property];
      const isOwn = schema && !schema.readOnly && !column.isPrimary && !column.isDiscriminator;
      // Checksums depend on each other, and the database makes the cell of the sky itself, whatever is given.
      if (!isOwn || ['checksum', 'checksumAlgorithm', 'skyCell'].includes(property)) continue;
      const known = columns.find(
        (each) => each.table === metadata.tableName && each.column.databaseName === databaseName,
      );
      const own = [known?.ownCheck, 'enum', 'value_invalid', `null ${databaseName}`];
      for (const { value, isValid, isTypeOfPostgresql } of casesOf(schema)) {
        const refusal = await trial.refusalOf(() =>
          manager.update(metadata.target, keyOf(metadata), { [property]: value }),
        );
        const isRefused = isValid ? own.includes(refusal) : refusal !== undefined;
        const isKnown = isTypeOfPostgresql && database.type === 'sqlite';
        expect({ property, value, schema: validate({ ...row, [property]: value }) }).toEqual({
          property,
          value,
          schema: isValid,
        });
        if (!isKnown) expect({ property, value, isRefused, refusal }).toMatchObject({ isRefused: !isValid });
      }
    }
  });

  it.each(columns.filter(({ rule }) => rule?.lengthBy).map(({ entity }) => entity))(
    '%s agrees with the database on the lengths of checksums',
    async (name) => {
      const validate = validatorOf(name);
      const row = await rowOf(name);
      const pairs = [
        ...Object.entries(CHECKSUM_LENGTHS).flatMap(([checksumAlgorithm, length]) =>
          [length - 1, length, length + 1].map((count) => ({
            checksumAlgorithm,
            checksum: 'f'.repeat(count),
          })),
        ),
        { checksumAlgorithm: null, checksum: 'f'.repeat(64) },
        { checksumAlgorithm: 'md5', checksum: null },
        { checksumAlgorithm: null, checksum: null },
      ];
      for (const pair of pairs) {
        const refusal = await trial.refusalOfChange(name, pair);
        expect([pair, validate({ ...row, ...pair })]).toEqual([pair, refusal === undefined]);
      }
    },
  );

  it.each(checkCases)('$entity takes what $constraint allows', async ({ entity, allowed }) => {
    const validate = validatorOf(entity);
    const row = await rowOf(entity);
    for (const given of allowed) {
      const values = typeof given === 'function' ? given(trial) : given;
      const changed = JSON.parse(JSON.stringify({ ...row, ...values }));
      expect([values, validate(changed), validate.errors]).toEqual([values, true, null]);
    }
  });
});
