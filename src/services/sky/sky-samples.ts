import { type Direction, plus } from './direction.js';
import type { TelescopeSite } from './site.js';
import { Sky } from './sky.js';
import type { Ephemeris } from './target.js';

/** The sky is computed so often; between, it turns about the pole, and what moves on it goes on a straight line [ms]. */
const STEP_MS = 600_000;
/** Turn of the sky in a millisecond [deg]. */
const TURN_DEG_MS = 360.985_647_366_29 / 86_400_000;
/** Windows that are kept, so that one call for each source of a night computes the sky once. */
const KEPT = 4;

/** Where a target is at one moment. */
export interface Place {
  /** In the axes of ICRS. */
  readonly direction: Direction;
  /** The parts of the direction upwards, to the north and to the east. */
  readonly up: number;
  readonly north: number;
  readonly east: number;
}

/** The sky above a telescope in a window of time, for many targets. */
export class SkySamples {
  /** From the start of the window to its end [ms]. */
  readonly times: readonly number[];
  private readonly skies: readonly Sky[];

  constructor(
    site: TelescopeSite,
    readonly from: number,
    readonly to: number,
  ) {
    const steps = Math.max(1, Math.ceil((to - from) / STEP_MS));
    this.times = Array.from({ length: steps + 1 }, (_, step) => from + ((to - from) * step) / steps);
    this.skies = this.times.map((time) => new Sky(site, new Date(time)));
  }

  /** The sidereal angle at a moment, which may exceed 360 [deg]. */
  siderealDeg(time: number): number {
    const index = this.indexOf(time);
    return this.skyAt(index).siderealDeg + (time - this.timeAt(index)) * TURN_DEG_MS;
  }

  /** The direction in which something is seen at a moment, in the axes of ICRS, by that at each of the samples. */
  follow(directionIn: (sky: Sky) => Direction): (time: number) => Direction {
    const directions = this.skies.map(directionIn);
    return (time) => {
      const index = this.indexOf(time);
      const [before, after] = [directions[index] as Direction, directions[index + 1]];
      if (!after) return before;
      const part = (time - this.timeAt(index)) / (this.timeAt(index + 1) - this.timeAt(index));
      const { x, y, z } = before;
      return plus(before, { x: after.x - x, y: after.y - y, z: after.z - z }, part);
    };
  }

  /** Where a target is at each moment. */
  track(ephemeris: Ephemeris): (time: number) => Place {
    const directionAt = this.follow((sky) => sky.apparent(ephemeris));
    const placeAt = (time: number): Place => {
      const direction = directionAt(time);
      const { up, north, east } = this.skyAt(this.indexOf(time)).local(direction, this.siderealDeg(time));
      return { direction, up, north, east };
    };
    const known = new Map(this.times.map((time) => [time, placeAt(time)]));
    return (time) => known.get(time) ?? placeAt(time);
  }

  private indexOf(time: number): number {
    const { times, from, to } = this;
    return Math.min(
      times.length - 1,
      Math.max(0, Math.floor(((time - from) / (to - from)) * (times.length - 1))),
    );
  }

  private skyAt(index: number): Sky {
    return this.skies[index] as Sky;
  }

  private timeAt(index: number): number {
    return this.times[index] as number;
  }
}

const kept = new Map<string, SkySamples>();

/** The sky of a window; that of the windows asked for last is kept. */
export function skySamples(site: TelescopeSite, from: Date, to: Date): SkySamples {
  const { latitudeDeg, longitudeDeg, altitudeM } = site;
  const key = [latitudeDeg, longitudeDeg, altitudeM, from.getTime(), to.getTime()].join(' ');
  const samples = kept.get(key) ?? new SkySamples(site, from.getTime(), to.getTime());
  kept.delete(key);
  kept.set(key, samples);
  for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest);
  return samples;
}
