/** One contender does one task in this process: `run.js <task> <contender> <database>` prints what it took as JSON. */
import { contenderNamed, taskNamed } from '../tasks.js';
import { openDatabase } from './database.js';
import type { Contender, Run, Task } from './task.js';

async function main([name = '', contender = '', database = '']: string[]): Promise<void> {
  const task = await taskNamed(name);
  const chosen = await contenderNamed(name, task, contender);
  console.log(JSON.stringify(await measure(task, chosen, database)));
}

async function measure(task: Task<unknown>, contender: Contender<unknown>, database: string): Promise<Run> {
  const { warmUps = 0, repeats = 1 } = task;
  const dataSource = await openDatabase(database);
  const connected = await contender.connect(database);
  const [walls, cpus]: [number[], number[]] = [[], []];
  let baseMb = 0;
  for (let round = 0; round < warmUps + repeats; round++) {
    const given = await task.given(dataSource);
    // Not before each round: the engine forgets what it has compiled for objects of which none is left.
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
