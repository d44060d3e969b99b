/** The day of an instant in UTC, such as `2026-11-23`; empty where there is none. */
export function describeDay(instant: Date | null): string {
  return instant === null ? '' : instant.toISOString().slice(0, 10);
}
