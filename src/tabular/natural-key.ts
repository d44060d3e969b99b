/** A value as a part of a natural key, whose parts are joined by `/`. */
export function keyText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
