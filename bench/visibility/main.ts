/**
 * `npm run bench:visibility [-- --sources 1000 --nights 5]`: how long the visibility of so many sources takes for one night, the first time
 * that the night is asked for. It ends with exit code 1 where it is more than a second.
 */
import { program } from 'commander';
import { FixedSource } from '../../src/entities/index.js';
import { visibility } from '../../src/services/sky/index.js';
import { faultsAsExitCode } from '../support/faults-as-exit-code.js';
import { median } from '../support/median.js';
import { positive } from '../support/options.js';

interface Options {
  readonly sources: number;
  readonly nights: number;
}

const LIMIT_S = 1;
const LIMITS = { elevationMinDeg: 30, elevationMaxDeg: 85, sunDistanceMinDeg: 45, moonDistanceMinDeg: 10 };
const DAY_MS = 24 * 3600 * 1000;

faultsAsExitCode<Options>(
  program
    .option('--sources <n>', 'sources all over the sky', positive, 1000)
    .option('--nights <n>', 'nights, each for itself', positive, 5),
  main,
);

async function main({ sources, nights }: Options): Promise<string[]> {
  const targets = Array.from({ length: sources }, (_, index) =>
    Object.assign(new FixedSource(), {
      raDeg: (index * 137.508) % 360,
      decDeg: (Math.asin((2 * index + 1) / sources - 1) * 180) / Math.PI,
      properMotionRaMasYr: 5,
      properMotionDecMasYr: -5,
    }),
  );
  const seconds: number[] = [];
  let intervals = 0;
  for (let count = 0; count < nights; count++) {
    const night = new Date(Date.UTC(2026, 10, 30) + 37 * count * DAY_MS).toISOString().slice(0, 10);
    const start = performance.now();
    for (const target of targets) intervals += visibility(target, { night, ...LIMITS }).length;
    seconds.push((performance.now() - start) / 1000);
  }
  const [most, middle] = [Math.max(...seconds), median(seconds)];
  console.log(
    `${sources} sources in each of ${nights} nights, ${intervals} intervals: median ${middle.toFixed(3)} s, at most ${most.toFixed(3)} s`,
  );
  return most > LIMIT_S ? [`a night took more than ${LIMIT_S} s`] : [];
}
