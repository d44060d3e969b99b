import { parseToml } from '../../src/settings/toml.js';
import { TomlGrammarError } from '../../src/settings/toml-grammar.js';

describe('parseToml', () => {
  test.each([
    ['a comma behind a value', 'a = 1,'],
    ['a comment in an array that is never closed', 'a = [1 # x'],
    ['an array of tables closed by one bracket', '[[a]\n'],
    ['text behind an inner array', 'a = [[1] x]'],
    ['a blank that is not ASCII', 'a = 1\u00a0'],
    ['a day that does not exist', 'a = 2023-02-29'],
    ['the year 0', 'a = 0000-01-01'],
    ['a date with an offset but no time', 'a = 2024-01-01Z'],
    ['a lone carriage return', 'a = 1\rb = 2'],
    ['an escaped surrogate', 'a = "\\ud800"'],
    ['a byte order mark', '\ufeffa = 1'],
    ['a time without seconds', 'a = 07:32'],
    ['a comma before the end of an inline table', 'a = {b = 1,}'],
    ['a control character in a comment', 'a = 1 # \x01'],
    ['a key given twice', 'a = 1\na = 2'],
    ['nesting without end', `a = ${'['.repeat(100_000)}`],
  ])('refuses %s', (_what, document) => {
    expect(() => parseToml(document)).toThrow(TomlGrammarError);
  });

  test('tells line and column of an issue', () => {
    expect(() => parseToml('[default]\nport = = 1\n')).toThrow(
      expect.objectContaining({ line: 2, column: 8, problem: 'expected a value' }),
    );
  });

  test('reads line ends of Windows as newlines, also within text', () => {
    expect(parseToml('a = """x\r\ny"""\r\nb = 1\r\n')).toEqual({ a: 'x\ny', b: 1 });
  });

  test('keeps integers exact', () => {
    expect(parseToml('a = 9007199254740991\nb = 9007199254740993\nc = -0')).toEqual({
      a: 9007199254740991,
      b: 9007199254740993n,
      c: 0,
    });
  });

  test('takes every name as an ordinary key', () => {
    expect(Object.entries(parseToml('__proto__ = 1\nconstructor = 2'))).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
