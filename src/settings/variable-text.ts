/** The value that Dynaconf reads from the text of an environment variable. */
import { strip } from './python.js';
import { castOf } from './tokens.js';
import { parseToml } from './toml.js';
import { TomlGrammarError } from './toml-grammar.js';
import type { SettingValue } from './values.js';

/**
 * The value of one of Dynaconf's own options: a cast, else a TOML value, else the text itself.
 *
 * @returns undefined when the text asks for the removal of the key
 * @throws OpsDbError `settings_invalid` when a cast fails
 */
export function parseOptionText(text: string): SettingValue | undefined {
  const cast = castOf(text);
  if (cast) return cast();
  try {
    return parseToml(`key=${text}`).key;
  } catch (error) {
    if (error instanceof TomlGrammarError) return text;
    throw error;
  }
}

/** As {@link parseOptionText}, and `True` and `False` are spelt as Python does. */
export function parseVariableText(text: string): SettingValue | undefined {
  return parseOptionText(['True', 'False'].includes(strip(text)) ? text.toLowerCase() : text);
}
