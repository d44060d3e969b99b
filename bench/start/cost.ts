/** Loaded before a program; writes its cost to file descriptor 3 when it ends. */
import { writeSync } from 'node:fs';

const COSTS = 3;
const baseMb = process.memoryUsage().rss / 2 ** 20;

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / 1000;
  writeSync(COSTS, JSON.stringify({ cpuMs, baseMb, peakMb: maxRSS / 1024 }));
});
