import { CHECKSUM_LENGTHS, ChecksumAlgorithm } from '../../src/entities/checksum.js';
import type { Range } from '../../src/entities/column-rules.js';
import { describeEachDatabase } from '../support/databases.js';
import { columns, type ModelColumn } from './model.js';
import { Trial, type Value, type Values } from './trial.js';

const isChecksum = ({ column }: ModelColumn) => column.propertyName === 'checksum';
/** The database makes it, whatever is given. */
const isMade = ({ column }: ModelColumn) => column.propertyName === 'skyCell';
const numbers = columns.filter((each) => limitsOf(each.rule ?? {}).length > 0 && !isMade(each));
const reals = columns.filter(({ column }) => column.type === 'double precision');
const wholes = columns.filter(
  ({ column, rule }) =>
    rule && !column.referencedColumn && ['integer', 'bigint'].includes(String(column.type)),
);
const required = columns.filter(({ required, column }) => required && !column.isPrimary);
const nullable = columns.filter(({ required }) => !required);
const texts = columns.filter(
  (each) => each.column.type === 'text' && !each.rule?.length && !isChecksum(each),
);
const fixedTexts = columns.filter(({ rule }) => rule?.length);
const checksums = columns.filter(isChecksum);
const enums = columns.filter(({ column }) => column.enum);

/** Values at the limits of a number and next to them, with whether they are within. */
function limitsOf({ min, max, above, below }: Range, isWhole = true): { value: number; within: boolean }[] {
  const limits = [
    { limit: min, out: -1, within: true },
    { limit: max, out: 1, within: true },
    { limit: above, out: 1, within: false },
    { limit: below, out: -1, within: false },
  ];
  return limits.flatMap(({ limit, out, within }) => {
    if (limit === undefined) return [];
    const step = isWhole ? 1 : Math.max(Math.abs(limit), 1) * 1e-9;
    return [
      { value: limit, within },
      { value: limit + out * step, within: !within },
    ];
  });
}

describeEachDatabase('a column', (database) => {
  let trial: Trial;

  beforeAll(async () => {
    trial = await Trial.begin(await database.open());
  });

  afterAll(() => trial.end());

  const refusal = ({ entity, column }: ModelColumn, value: Value, more: Values = {}) =>
    trial.refusalOfChange(entity, { [column.databaseName]: value, ...more });

  /** As the entity manager writes it. */
  const refusalOfWriting = ({ entity, column }: ModelColumn, value: unknown) => {
    const { id } = trial.rows[entity] as { id: unknown };
    return trial.refusalOf(() => trial.manager.update(entity, { id }, { [column.propertyName]: value }));
  };

  it.each(numbers)('$name keeps its limits and no others', async (each) => {
    for (const { value, within } of limitsOf(each.rule ?? {}, each.column.type !== 'double precision')) {
      const others = each.checks.filter((name) => name !== each.ownCheck);
      const expected = within ? [undefined, ...others] : each.checks;
      const answers = expected.map((name) => ({ value, refusal: name }));
      expect(answers).toContainEqual({ value, refusal: await refusal(each, value) });
    }
  });

  it.each(reals)('$name is a finite number', async (each) => {
    for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
      expect([value, await refusalOfWriting(each, value)]).toEqual([value, expect.any(String)]);
  });

  it.each(wholes)('$name is a whole number', async (each) => {
    for (const value of [1.5, 'many'])
      expect([value, await refusalOfWriting(each, value)]).toEqual([value, expect.any(String)]);
  });

  it.each(required)('$name is not null', async (each) => {
    const refused = await refusal(each, null);
    const complete = each.checks.filter((name) => name.endsWith('__complete'));
    expect([`null ${each.column.databaseName}`, ...complete]).toContain(refused);
  });

  it.each(nullable)('$name may be null', async (each) => {
    const others = each.checks.filter((name) => name !== each.ownCheck);
    expect([undefined, ...others]).toContain(await refusal(each, null));
  });

  it.each(texts)('$name is not empty', async (each) => {
    expect(each.checks).toContain(await refusal(each, ''));
    expect(await refusal(each, 'ä')).not.toBe(each.ownCheck);
  });

  it.each(fixedTexts)('$name has its exact length', async (each) => {
    const length = each.rule?.length ?? 0;
    expect(await refusal(each, 'f'.repeat(length - 1))).toBe(each.ownCheck);
    expect(await refusal(each, 'f'.repeat(length + 1))).toBe(each.ownCheck);
    expect(await refusal(each, 'f'.repeat(length))).toBeUndefined();
  });

  it.each(checksums)('$name has the length of its algorithm', async (each) => {
    const [check] = each.checks.filter((name) => name.endsWith('__checksum_checksum_algorithm'));
    for (const checksumAlgorithm of Object.values(ChecksumAlgorithm)) {
      const length = CHECKSUM_LENGTHS[checksumAlgorithm];
      const of = (characters: number) => refusal(each, 'f'.repeat(characters), { checksumAlgorithm });
      expect(await of(length - 1)).toBe(check);
      expect(await of(length + 1)).toBe(check);
      expect(await of(length)).toBeUndefined();
    }
    expect(await refusal(each, 'f'.repeat(64), { checksumAlgorithm: null })).toBe(check);
    expect(await refusal(each, null, { checksumAlgorithm: 'md5' })).toBe(check);
  });

  it.each(enums)('$name is one of its values', async (each) => {
    for (const value of each.column.enum ?? []) expect(await refusal(each, value)).not.toBe('enum');
    expect(await refusal(each, 'no_such_value')).toBe('enum');
    expect(await refusal(each, String(each.column.enum?.[0]).toUpperCase())).toBe('enum');
  });
});
