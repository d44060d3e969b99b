/** One load of a folder in a process of its own; prints what it took as JSON. */
import { initObsUnits } from '../../src/tools/planning-files/index.js';
import { openDatabase } from '../support/database.js';

async function main([database = '', folder = '']: string[]): Promise<void> {
  const dataSource = await openDatabase(database);
  const baseMb = process.memoryUsage().rss / 2 ** 20;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const { tables } = await initObsUnits(dataSource.manager, folder);
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  await dataSource.destroy();
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const added = tables.reduce((sum, table) => sum + table.added, 0);
  const unchanged = tables.reduce((sum, table) => sum + table.unchanged, 0);
  console.log(JSON.stringify({ wallMs, cpuMs: (user + system) / 1000, baseMb, peakMb, added, unchanged }));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
