const FIRST = Date.UTC(2020, 5, 1);
const SECONDS = 6 * 365 * 86_400;

/** A second in the past that in all likelihood no other execution has: those of one telescope do not overlap. */
export function freeTime(): { readonly startTime: Date; readonly endTime: Date } {
  const start = FIRST + Math.floor(Math.random() * SECONDS) * 1000;
  return { startTime: new Date(start), endTime: new Date(start + 1000) };
}
