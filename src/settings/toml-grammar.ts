/**
 * The grammar of TOML 1.0, to the letter. An environment variable is a value if it parses, and plain text otherwise.
 * The parser that reads the value is more lenient than the grammar: impossible dates, `1,`, `[[section]` closed by one
 * bracket, blanks that are not ASCII, escaped surrogates.
 */

import { LARGEST_HAND_WRITTEN } from '../bounded-file.js';

/** A text that is not TOML 1.0. Line and column count from 1. */
export class TomlGrammarError extends Error {
  constructor(
    readonly problem: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`line ${line}, column ${column}: ${problem}`);
  }
}

const MAX_DEPTH = 100;

const CONTROL = '\\x00-\\x08\\x0a-\\x1f\\x7f';
const CONTROL_BUT_NEWLINE = CONTROL.replace('\\x0a', '\\x0b');
const ESCAPE =
  '\\\\(?:[btnfr"\\\\]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}' +
  '|U(?:0000(?![dD][89a-fA-F])|000[1-9a-fA-F]|0010)[0-9a-fA-F]{4})';
const BASIC = `"(?:[^"\\\\${CONTROL}]|${ESCAPE})*"`;
const LITERAL = `'[^'${CONTROL}]*'`;
const LONG_BASIC = `"""(?:"{0,2}(?:[^"\\\\${CONTROL_BUT_NEWLINE}]|${ESCAPE}|\\\\[ \\t]*\\n[ \\t\\n]*))*"{3,5}`;
const LONG_LITERAL = `'''(?:'{0,2}[^'${CONTROL_BUT_NEWLINE}])*'{3,5}`;
const KEY_PART = `(?:[A-Za-z0-9_-]+|${BASIC}|${LITERAL})`;
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?';
const OFFSET = '(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])';

const BLANKS = /[ \t]*/y;
const COMMENT = new RegExp(`(?:#[^${CONTROL}]*)?`, 'y');
const LINES = new RegExp(`(?:[ \\t\\n]|#[^${CONTROL}]*)*`, 'y');
const KEY = new RegExp(`${KEY_PART}(?:[ \\t]*\\.[ \\t]*${KEY_PART})*`, 'y');
const TEXT = new RegExp([LONG_BASIC, LONG_LITERAL, BASIC, LITERAL].join('|'), 'y');
const DATE = new RegExp(`\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])(?:[Tt ]${TIME}${OFFSET}?)?`, 'y');
const SCALAR = new RegExp(
  [
    TIME,
    'true|false',
    '[+-]?(?:inf|nan)',
    '0x[0-9a-fA-F](?:_?[0-9a-fA-F])*',
    '0o[0-7](?:_?[0-7])*',
    '0b[01](?:_?[01])*',
    '[+-]?(?:0|[1-9](?:_?[0-9])*)(?:\\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?',
  ].join('|'),
  'y',
);

/**
 * Checks that a text with `\n` as its only line ending follows the grammar. Duplicate keys pass: they are not a matter
 * of grammar.
 *
 * @throws TomlGrammarError at the first place that does not
 */
export function checkTomlGrammar(text: string): void {
  new Checker(text).document();
}

class Checker {
  private position = 0;

  constructor(private readonly text: string) {}

  document(): void {
    if (this.text.length > LARGEST_HAND_WRITTEN) this.fail(`at most ${LARGEST_HAND_WRITTEN} characters`);
    this.take(LINES);
    while (this.position < this.text.length) {
      this.statement();
      this.take(BLANKS);
      this.take(COMMENT);
      if (this.position < this.text.length) this.demand(/\n/y, 'the end of the line');
      this.take(LINES);
    }
  }

  private statement(): void {
    if (this.take(/\[\[/y)) this.header(/\]\]/y, ']]');
    else if (this.take(/\[/y)) this.header(/\]/y, ']');
    else this.assignment(0);
  }

  private header(closing: RegExp, wanted: string): void {
    this.take(BLANKS);
    this.key('the name of a section');
    this.take(BLANKS);
    this.demand(closing, wanted);
  }

  private assignment(depth: number): void {
    this.key('a key');
    this.take(BLANKS);
    this.demand(/=/y, '=');
    this.take(BLANKS);
    this.value(depth);
    this.take(BLANKS);
  }

  private key(wanted: string): void {
    const key = this.take(KEY);
    if (key === undefined) this.fail(wanted);
    if ((key.match(/\./g)?.length ?? 0) > MAX_DEPTH) this.fail(`a name with at most ${MAX_DEPTH} parts`);
  }

  private value(depth: number): void {
    if (depth > MAX_DEPTH) this.fail(`at most ${MAX_DEPTH} levels of nesting`);
    if (this.take(/\[/y)) this.array(depth + 1);
    else if (this.take(/\{/y)) this.inlineTable(depth + 1);
    else if (!this.take(TEXT) && !this.date()) this.demand(SCALAR, 'a value');
  }

  private date(): boolean {
    const date = this.take(DATE);
    if (date === undefined || isCalendarDate(date.slice(0, 10))) return date !== undefined;
    this.position -= date.length;
    this.fail('a date of the calendar');
  }

  private array(depth: number): void {
    do {
      this.take(LINES);
      if (this.take(/\]/y)) return;
      this.value(depth);
      this.take(LINES);
    } while (this.take(/,/y));
    this.demand(/\]/y, ', or ]');
  }

  private inlineTable(depth: number): void {
    this.take(BLANKS);
    if (this.take(/\}/y)) return;
    do {
      this.take(BLANKS);
      this.assignment(depth);
    } while (this.take(/,/y));
    this.demand(/\}/y, ', or }');
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    this.position += found?.length ?? 0;
    return found;
  }

  private demand(pattern: RegExp, wanted: string): void {
    if (this.take(pattern) === undefined) this.fail(wanted);
  }

  private fail(wanted: string): never {
    const before = this.text.slice(0, this.position).split('\n');
    throw new TomlGrammarError(`expected ${wanted}`, before.length, (before.at(-1)?.length ?? 0) + 1);
  }
}

/** A day that does not exist rolls over to another one; year 0 is beyond Python's calendar. */
function isCalendarDate(day: string): boolean {
  return !day.startsWith('0000') && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
