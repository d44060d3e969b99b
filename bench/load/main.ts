/** `npm run bench:load [-- --sources 12500,25000,50000,100000]`: input files of several sizes, each in one transaction. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { progress } from '../../src/tools/cli/progress.js';
import { table } from '../../src/tools/cli/table.js';
import { openDatabase } from '../support/database.js';
import { startServer } from '../support/server.js';
import { UNITS_PER_SOURCE, writeFolder } from './files.js';

interface Run {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly baseMb: number;
  readonly peakMb: number;
  readonly added: number;
  readonly unchanged: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { sources: { type: 'string', default: '12500,25000,50000,100000' } },
  });
  const sizes = values.sources.split(',').map(Number);
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-load-'));
  const server = await startServer();
  try {
    for (const size of sizes) await writeFolder(path.join(folder, String(size)), size);
    const bar = progress();
    let done = 0;
    const rows: (string | number)[][] = [];
    for (const size of sizes)
      for (const database of [path.join(folder, `${size}.sqlite`), await server.create(`load_${size}`)]) {
        await seeded(database);
        const kind = database.startsWith('postgresql') ? 'PostgreSQL' : 'SQLite';
        for (const [what, run] of Object.entries(loads(database, path.join(folder, String(size)), size)))
          rows.push([kind, what, size, size * UNITS_PER_SOURCE, ...figures(run)]);
        done += 1;
        bar.at(done, sizes.length * 2, `${kind}, ${size} sources`);
      }
    bar.stop();
    const byKind = rows.sort(([a, b], [c, d]) => `${a}${b}`.localeCompare(`${c}${d}`));
    const head = [
      'database',
      'rows are',
      'sources',
      'obs units',
      'wall s',
      'µs a row',
      'CPU µs a row',
      'memory MB',
    ];
    console.log(table(head, byKind));
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function seeded(database: string): Promise<void> {
  const dataSource = await openDatabase(database);
  await writeSeedData(dataSource.manager, readSeedData(dataSource));
  await dataSource.destroy();
}

/** The first time all rows are new, the second time all are there. */
function loads(database: string, folder: string, sources: number): { new: Run; unchanged: Run } {
  const all = sources * (1 + UNITS_PER_SOURCE);
  const load = () =>
    JSON.parse(
      execFileSync(process.execPath, [path.join(__dirname, 'run.js'), database, folder], {
        encoding: 'utf8',
      }),
    ) as Run;
  const [first, second] = [load(), load()];
  if (first.added !== all || second.unchanged !== all)
    throw new Error(`${all} rows were to be written, and then found: ${JSON.stringify([first, second])}`);
  return { new: first, unchanged: second };
}

function figures({ wallMs, cpuMs, baseMb, peakMb, added, unchanged }: Run): string[] {
  const each = (ms: number) => ((ms * 1000) / (added + unchanged)).toFixed(0);
  return [
    (wallMs / 1000).toFixed(1),
    each(wallMs),
    each(cpuMs),
    `${baseMb.toFixed(0)} → ${peakMb.toFixed(0)}`,
  ];
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
