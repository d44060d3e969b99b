import { describeEachDatabase } from '../../support/databases.js';
import { environmentOf } from '../../support/opsdb.js';
import { wholeProgram } from '../../support/program.js';

/** The kinds of values by property; a list by its first element. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shapeOf(each)]));
}

const REVISION = { relation: 'string', database: 'string', code: 'string', pending: [], unknown: [] };
const SEEDED = { entity: 'string', added: 'number', unchanged: 'number', differing: [] };
const CHECKED = { name: 'string', meaning: 'string', remedy: 'string', broken: 'number', rows: [] };
const FOUND = { check: 'string', status: 'string', found: 'string', remedy: null };
const SETTING = { key: 'string', variable: 'string', value: 'string', origin: 'string' };

const SHAPES: readonly [words: string, shape: unknown][] = [
  [
    'init',
    {
      database: 'string',
      seconds: 'number',
      force: 'boolean',
      folder: 'string',
      results: [SEEDED],
      removals: [],
    },
  ],
  ['current', REVISION],
  ['stamp', REVISION],
  ['check', [CHECKED]],
  ['doctor', [FOUND]],
  ['settings', [expect.objectContaining(SETTING)]],
  ['completion fish', { shell: 'string', script: 'string' }],
  [
    'night 2026-11-23',
    expect.objectContaining({
      executions: [],
      stages: [{ name: 'string', done: 'number', all: 'number' }],
      waiting: [],
    }),
  ],
  ['status', expect.objectContaining({ database: 'string', server: 'string', revision: REVISION })],
];

describeEachDatabase('the JSON of opsdb', (database) => {
  const environment = { ...process.env };

  beforeAll(() => {
    Object.assign(process.env, environmentOf(database.options));
  });

  afterAll(() => {
    process.env = environment;
  });

  it.each(SHAPES)('%s keeps its shape', async (words, shape) => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    jest.spyOn(console, 'error').mockReturnValue();
    await wholeProgram().parseAsync([...words.split(' '), '--json'], { from: 'user' });
    const printed = write.mock.calls.map(([part]) => part).join('');
    jest.restoreAllMocks();
    expect(shapeOf(JSON.parse(printed))).toEqual(shape);
  });
});
