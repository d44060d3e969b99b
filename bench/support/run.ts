/**
 * Measures one contender of one task: `run.js <task> <contender> <database> [<checkout>]` prints the measurement as JSON. The optional
 * checkout is the folder of another revision, whose contender is run; warm-ups and repeats are those of this revision.
 */
import { taskNamed } from '../tasks.js';
import { type Parts, partsOf } from './parts.js';
import type { Run } from './task.js';

async function main([name = '', contender = '', database = '', root]: string[]): Promise<void> {
  console.log(JSON.stringify(await measure(partsOf(root), name, contender, database)));
}

async function measure(parts: Parts, name: string, contenderName: string, database: string): Promise<Run> {
  const { warmUps = 0, repeats = 1 } = await taskNamed(name);
  const task = await parts.tasks.taskNamed(name);
  const contender = await parts.tasks.contenderNamed(name, task, contenderName);
  const dataSource = await parts.database.openDatabase(database);
  const connected = await contender.connect(database);
  const [walls, cpus]: [number[], number[]] = [[], []];
  let baseMb = 0;
  for (let round = 0; round < warmUps + repeats; round++) {
    const given = await task.given(dataSource);
    // Once only: a full garbage collection discards optimized code, which would be compiled again during the measurement.
    if (round === Math.max(warmUps - 1, 0)) {
      global.gc?.();
      baseMb = process.memoryUsage().rss / 2 ** 20;
    }
    const cpu = process.cpuUsage();
    const start = performance.now();
    const result = await connected.run(given);
    const wallMs = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    if (round >= warmUps) {
      walls.push(wallMs);
      cpus.push((user + system) / 1000);
    }
    await task.check(dataSource, given, result);
  }
  await connected.close();
  await dataSource.destroy();
  const peakMb = process.resourceUsage().maxRSS / 1024;
  return { wallMs: mean(walls), cpuMs: mean(cpus), baseMb, peakMb };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
