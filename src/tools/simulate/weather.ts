import type { Random } from './random.js';

/** The weather at one moment. */
export interface Weather {
  /** Precipitable water vapour at zenith [mm]. */
  readonly pwvMm: number;
  /** Air temperature [Celsius]. */
  readonly temperatureC: number;
  /** Relative humidity [%]. */
  readonly humidityPercent: number;
  /** Wind speed [m/s]. */
  readonly windSpeedMS: number;
}

const HOUR_MS = 3600 * 1000;

/** Plausible weather at 5600 m that changes slowly: drawn for each hour, interpolated linearly in between. */
export function weatherAt(random: Random, instant: Date): Weather {
  const hours = instant.getTime() / HOUR_MS;
  const hour = Math.floor(hours);
  const level = (what: string) => {
    const [before, after] = [random.roll('weather', what, hour), random.roll('weather', what, hour + 1)];
    return before + (after - before) * (hours - hour);
  };
  return {
    // From 0.2 to 3 mm, half of it below 0.8 mm.
    pwvMm: rounded(0.2 * 15 ** level('pwv')),
    temperatureC: rounded(-12 + 16 * level('temperature')),
    humidityPercent: rounded(5 + 60 * level('humidity')),
    windSpeedMS: rounded(18 * level('wind') ** 2),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
