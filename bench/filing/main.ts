/** `npm run bench:filing [-- --files 100000 --runs 7]`: files and their first copies, against the raw driver. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../../src/cli/table.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { openDatabase } from '../support/database.js';
import { median } from '../support/median.js';
import { startServer } from '../support/server.js';
import { contenders } from './contenders.js';

interface Run {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly baseMb: number;
  readonly peakMb: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { files: { type: 'string', default: '100000' }, runs: { type: 'string', default: '7' } },
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-filing-'));
  const server = await startServer();
  try {
    for (const database of [await server.create('filing'), path.join(folder, 'filing.sqlite')])
      await compare(database, values.files, Number(values.runs));
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function compare(database: string, files: string, runs: number): Promise<void> {
  const dataSource = await openDatabase(database);
  await dataSource.transaction((manager) => writeSeedData(manager, readSeedData(dataSource)));
  await dataSource.destroy();
  const results = new Map<string, Run[]>(Object.keys(contenders).map((name) => [name, []]));
  // One more for warming up; interleaved, so that what else the machine does hits all alike.
  for (let run = 0; run <= runs; run++)
    for (const [name, list] of results) {
      const output = execFileSync(process.execPath, [path.join(__dirname, 'run.js'), name, database, files], {
        encoding: 'utf8',
      });
      if (run > 0) list.push(JSON.parse(output) as Run);
    }
  const of = (name: string, what: keyof Run) => median((results.get(name) as Run[]).map((run) => run[what]));
  const rows = [...results.keys()].map((name) => [
    name,
    (of(name, 'wallMs') / 1000).toFixed(2),
    (of(name, 'wallMs') / of('raw', 'wallMs')).toFixed(2),
    (of(name, 'cpuMs') / 1000).toFixed(2),
    (of(name, 'cpuMs') / of('raw', 'cpuMs')).toFixed(2),
    `${of(name, 'baseMb').toFixed(0)} → ${of(name, 'peakMb').toFixed(0)}`,
  ]);
  const kind = database.startsWith('postgresql') ? 'PostgreSQL' : 'SQLite';
  console.log(`\n${kind}: ${files} files and as many copies in one transaction, medians of ${runs} runs`);
  console.log(table(['contender', 'wall s', 'to raw', 'client CPU s', 'to raw', 'memory MB'], rows));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
