const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WHOLE_NUMBER = /^[+-]?\d+$/;

/**
 * The number that a text of a file stands for: digits with a decimal point, a sign and an exponent where there is one.
 * A typographic minus counts as a minus.
 * @returns undefined where the text is no number, or a number that is too large
 */
export function parseNumber(text: string): number | undefined {
  const plain = withHyphen(text).trim();
  const value = Number(plain);
  return NUMBER.test(plain) && Number.isFinite(value) ? value : undefined;
}

/** The whole number that a text of a file stands for; undefined where it is none. */
export function parseWholeNumber(text: string): number | undefined {
  return WHOLE_NUMBER.test(withHyphen(text).trim()) ? parseNumber(text) : undefined;
}

/** Replaces typographic minus signs by hyphens. */
export function withHyphen(text: string): string {
  return text.replaceAll('\u2212', '-');
}
