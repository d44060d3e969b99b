/** A part of a window in which a function of time is not negative [ms]. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Ends are found to this [ms]. */
const PRECISE_MS = 50;
/** How often the extreme of a function between two samples is looked for more closely. */
const NARROWINGS = 24;
/** A turn goes beyond its sample by less than this many times the way to the next sample. */
const STEEPEST = 2;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Where a continuous function of time is not negative. It may have one extreme between two samples: a source that rises
 * above a limit for a minute is found.
 * @param margin the function
 * @param times the samples, ascending; the spans lie between the first and the last
 */
export function spansOf(margin: (time: number) => number, times: readonly number[]): Span[] {
  const samples = withExtremes(
    margin,
    times.map((time) => ({ time, value: margin(time) })),
  );
  const spans: Span[] = [];
  let from = samples[0] && isOpen(samples[0]) ? samples[0].time : undefined;
  samples.slice(1).forEach(({ time, value }, index) => {
    const before = samples[index] as Sample;
    if (isOpen(before) === value >= 0) return;
    const edge = crossing(margin, before, { time, value });
    if (from === undefined) from = edge;
    else {
      spans.push({ from, to: edge });
      from = undefined;
    }
  });
  const last = samples.at(-1);
  return from !== undefined && last ? [...spans, { from, to: last.time }] : spans;
}

interface Sample {
  readonly time: number;
  readonly value: number;
}

/** Adds the moments at which the function has the other sign between two samples of one sign. */
function withExtremes(margin: (time: number) => number, samples: readonly Sample[]): Sample[] {
  return samples.flatMap((sample, index) => {
    const [before = sample, after = sample] = [samples[index - 1], samples[index + 1]];
    const sign = isOpen(sample) ? 1 : -1;
    const isTurn = [before, after].every(
      (other) => isOpen(other) === isOpen(sample) && other.value * sign >= sample.value * sign,
    );
    const steepest = Math.max(Math.abs(before.value - sample.value), Math.abs(after.value - sample.value));
    if (!isTurn || sample.value * sign > STEEPEST * steepest) return [sample];
    const time = leastOf((moment) => margin(moment) * sign, before.time, after.time);
    const extreme = { time, value: margin(time) };
    if (isOpen(extreme) === isOpen(sample)) return [sample];
    return time < sample.time ? [extreme, sample] : [sample, extreme];
  });
}

function isOpen({ value }: Sample): boolean {
  return value >= 0;
}

/** Where a function with one minimum is least, by golden sections. */
export function leastOf(
  of: (time: number) => number,
  start: number,
  end: number,
  narrowings = NARROWINGS,
): number {
  let [from, to] = [start, end];
  for (let step = 0; step < narrowings; step += 1) {
    const [early, late] = [to - GOLDEN * (to - from), from + GOLDEN * (to - from)];
    if (of(early) <= of(late)) to = late;
    else from = early;
  }
  return (from + to) / 2;
}

/** Where a function changes its sign, by the Illinois method: chords, which draw near from both sides. */
function crossing(margin: (time: number) => number, before: Sample, after: Sample): number {
  let [from, to] = [before, after];
  while (to.time - from.time > PRECISE_MS) {
    const time = from.time + ((to.time - from.time) * from.value) / (from.value - to.value);
    const next = { time, value: margin(time) };
    if (next.value === 0 || time <= from.time || time >= to.time) return Math.round(time);
    if (isOpen(next) === isOpen(from)) [from, to] = [next, { time: to.time, value: to.value / 2 }];
    else [from, to] = [{ time: from.time, value: from.value / 2 }, next];
  }
  return Math.round((from.time + to.time) / 2);
}
