import { parse, TomlDate, TomlError, type TomlTable, type TomlValue } from 'smol-toml';
import { checkTomlGrammar, TomlGrammarError } from './toml-grammar.js';
import { type SettingTable, type SettingValue, table, wholeNumber } from './values.js';

/**
 * Reads a TOML 1.0 document.
 *
 * @throws TomlGrammarError with line and column when it is not one
 */
export function parseToml(document: string): SettingTable {
  const text = document.replaceAll('\r\n', '\n');
  checkTomlGrammar(text);
  try {
    return toTable(parse(text, { integersAsBigInt: 'asNeeded' }));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [, problem = error.message] = /^Invalid TOML document: (.*)/.exec(error.message) ?? [];
    throw new TomlGrammarError(problem, error.line, error.column);
  }
}

function toTable(parsed: TomlTable): SettingTable {
  return table(Object.entries(parsed).map(([key, value]) => [key, toValue(value)]));
}

function toValue(value: TomlValue): SettingValue {
  if (typeof value === 'bigint') return wholeNumber(value);
  if (Array.isArray(value)) return value.map(toValue);
  // The parser keeps a lower-case z, which other parsers of ISO 8601 do not accept.
  if (value instanceof TomlDate && value.toISOString().endsWith('z'))
    return TomlDate.wrapAsOffsetDateTime(value);
  return typeof value === 'object' && !(value instanceof Date) ? toTable(value) : value;
}
