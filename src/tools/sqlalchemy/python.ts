/** A Python string literal. */
export function text(value: string): string {
  return JSON.stringify(value);
}

/** The docstring of a class or module. */
export function docstring(value: string, indent: string): string {
  const safe = value.replaceAll('\\', '\\\\').replaceAll('"""', "'''").replace(/"$/, '".');
  return `${indent}"""${safe}"""`;
}

const KEYWORDS = new Set([
  'and',
  'as',
  'assert',
  'class',
  'def',
  'del',
  'from',
  'global',
  'import',
  'in',
  'is',
]);
/** Names that SQLAlchemy reserves on every class. */
const RESERVED = new Set(['metadata', 'registry']);

/** The name of an attribute for a column or relation. */
export function attribute(name: string): string {
  return KEYWORDS.has(name) || RESERVED.has(name) ? `${name}_` : name;
}

/** A call with one argument on each line. */
export function call(name: string, parameters: readonly string[], indent: string): string {
  const oneLine = `${name}(${parameters.join(', ')})`;
  if (oneLine.length < 90) return oneLine;
  return `${name}(\n${parameters.map((each) => `${indent}    ${each},\n`).join('')}${indent})`;
}
