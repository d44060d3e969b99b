import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OpsDbError } from '../../src/errors.js';
import { packageRoot } from '../../src/package-root.js';
import { readSettings } from '../../src/settings/index.js';
import { isTable, type SettingValue } from '../../src/settings/values.js';
import { folderWith, removeFolders } from './folders.js';

interface Vector {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly expect: { readonly settings: unknown } | { readonly error: string };
}

/** Answers that this package chooses not to give, with the reason. */
const EXCEPTIONS = new Map<string, string>([]);

const vectors: Vector[] = readFileSync(
  path.join(packageRoot(), 'test/settings/dynaconf-vectors.jsonl'),
  'utf8',
)
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

describe('readSettings gives the answers of Dynaconf 3.3.5', () => {
  afterEach(removeFolders);

  test('with at most three exceptions in a hundred, each of them a known answer', () => {
    expect(vectors.length).toBeGreaterThan(400);
    expect(EXCEPTIONS.size).toBeLessThanOrEqual(vectors.length * 0.03);
    expect([...EXCEPTIONS.keys()].filter((name) => !vectors.some((vector) => vector.name === name))).toEqual(
      [],
    );
  });

  test.each(vectors.filter(({ name }) => !EXCEPTIONS.has(name)))(
    '$name',
    ({ files, env, expect: expected }) => {
      const read = () => readSettings({ cwd: folderWith(files), env, bundled: false });
      if (!('error' in expected)) expect(tagged(read())).toEqual(toMilliseconds(expected.settings));
      else expect(kindOfError(read)).toBe(expected.error);
    },
  );
});

function kindOfError(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof OpsDbError)
      return /not TOML/.test(error.message) ? 'TOMLDecodeError' : 'DynaconfParseError';
  }
  return 'no error of this package';
}

/** The values in the notation of the answers. */
function tagged(value: SettingValue): unknown {
  if (typeof value === 'bigint') return { $int: value.toString() };
  if (value instanceof Date) return { $when: value.toISOString() };
  if (Array.isArray(value)) return value.map(tagged);
  if (isTable(value))
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, tagged(member)]));
  const special = typeof value === 'number' && !Number.isFinite(value);
  return special ? { $float: String(value).toLowerCase().replace('infinity', 'inf') } : value;
}

/** The answers with their instants as a `Date` writes them: to the millisecond. */
function toMilliseconds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toMilliseconds);
  if (!isTable(value)) return value;
  const { $datetime, $time, $date } = value;
  if ($date !== undefined) return { $when: $date };
  const instant = /^(.*:\d\d:\d\d)(?:\.(\d{3})\d*)?([+-].*)?$/.exec(String($datetime ?? $time));
  if (instant) {
    const [, seconds, milliseconds = '000', offset = ''] = instant;
    return { $when: `${seconds}.${milliseconds}${offset.replace('+00:00', 'Z')}` };
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toMilliseconds(member)]));
}
