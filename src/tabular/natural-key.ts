/** A value as it stands in a natural key, which is its parts joined by `/`. */
export function keyText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
