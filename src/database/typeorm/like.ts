/** Patterns that are kept compiled. */
const KEPT = 100;

/** Says whether a text fits. */
type Matcher = (text: string) => boolean;

const compiled = new Map<string, Matcher>();

/**
 * LIKE as PostgreSQL has it, for SQLite: capitals count, and a backslash takes the next character as it is.
 * @returns 1 or 0; null where one of the two is null
 */
export function like(pattern: unknown, text: unknown): number | null {
  if (pattern === null || text === null) return null;
  return matcherOf(String(pattern))(String(text)) ? 1 : 0;
}

function matcherOf(pattern: string): Matcher {
  const known = compiled.get(pattern);
  if (known) return known;
  if (compiled.size >= KEPT) compiled.clear();
  const matcher = compile(pattern);
  compiled.set(pattern, matcher);
  return matcher;
}

function compile(pattern: string): Matcher {
  const source = pattern.replace(/\\(.?)|(.)/gsu, (_, literal: string | undefined, character: string) => {
    if (literal === '') return '';
    if (character === '%') return '.*';
    if (character === '_') return '.';
    return (literal ?? character).replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  });
  const isWhole = !/(?<!\\)(?:\\\\)*\\$/.test(pattern);
  const whole = new RegExp(`^${source}$`, 'su');
  if (isWhole) return (text) => whole.test(text);
  const beginning = new RegExp(`^${source}.`, 'su');
  return (text) => {
    // As PostgreSQL does, which notices it only where a character is left to be compared.
    if (beginning.test(text)) throw new Error('LIKE pattern must not end with escape character');
    return false;
  };
}
