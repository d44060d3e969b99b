/**
 * A number of hours or degrees, not negative, in parts: `12:00:00.000`.
 * @param digits behind the point of the seconds
 */
export function sexagesimal(value: number, digits: number): string {
  const scale = 10 ** digits;
  const units = Math.round(value * 3600 * scale);
  const [seconds, minutes] = [(units / scale) % 60, Math.floor(units / scale / 60)];
  const parts = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return [...parts, seconds.toFixed(digits).padStart(3 + digits, '0')].join(':');
}
