/** `npm run bench [-- tasks…]`: this package against the raw drivers, TypeORM and, where installed, its peers. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { openDatabase } from './support/database.js';
import { comparison } from './support/report.js';
import { type Server, startServer } from './support/server.js';
import { DATABASES, type Run, type Task } from './support/task.js';
import { contendersOf, peerNames, taskNamed, taskNames } from './tasks.js';

interface Options {
  readonly runs: number;
  readonly peers?: boolean;
  readonly only?: readonly string[];
  readonly database: readonly (typeof DATABASES)[number][];
}

const program = new Command('bench')
  .description('Compares ways to do the same work; each ratio is to the raw driver in the same run.')
  .addArgument(new Argument('[tasks...]', 'what to do; all where left out').choices(taskNames))
  .option('--runs <number>', 'how often each contender runs, one after the other in turn', whole, 7)
  .option('--peers', 'other libraries as well (npm run bench:peers installs them)')
  .addOption(
    new Option('--only <contenders...>', 'only these and the raw driver').choices([
      'ccat-ops-db',
      'typeorm',
      ...peerNames,
    ]),
  )
  .addOption(
    new Option('--database <kinds...>', 'which databases').choices(DATABASES).default([...DATABASES]),
  );

async function main(names: readonly string[], options: Options): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-bench-'));
  const server = await startServer();
  try {
    for (const kind of options.database) {
      const filled = new Map<Task<unknown>['fill'], string>();
      for (const name of names.length > 0 ? names : taskNames) {
        const task = await taskNamed(name);
        const database = filled.get(task.fill) ?? (await fill(task, name, kind, server, folder));
        filled.set(task.fill, database);
        await compare(name, task, kind, database, options);
      }
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function fill(
  task: Task<unknown>,
  name: string,
  kind: Options['database'][number],
  server: Server,
  folder: string,
): Promise<string> {
  const database =
    kind === 'postgresql'
      ? await server.create(name.replaceAll('-', '_'))
      : path.join(folder, `${name}.sqlite`);
  const dataSource = await openDatabase(database);
  await task.fill(dataSource);
  await dataSource.destroy();
  return database;
}

async function compare(
  name: string,
  task: Task<unknown>,
  kind: string,
  database: string,
  { runs, peers, only }: Options,
): Promise<void> {
  const withPeers = peers ?? only?.some((one) => peerNames.includes(one)) ?? false;
  const contenders = await contendersOf(name, task, withPeers);
  const taking = Object.entries(contenders)
    .filter(
      ([one, { only: onlyOn = kind }]) => onlyOn === kind && (one === 'raw' || !only || only.includes(one)),
    )
    .map(([one]) => one);
  const results = new Map<string, Run[]>(taking.map((one) => [one, []]));
  // One more run to warm up; in turn, so that other load on the machine affects all alike.
  for (let run = 0; run <= runs; run++)
    for (const [contender, list] of results) {
      const output = runOnce(name, contender, database);
      if (run > 0) list.push(output);
    }
  console.log(`\n${name}, ${kind}: ${task.title}; medians of ${runs} runs`);
  console.log(comparison(results, (contender) => contenders[contender]?.less));
}

function runOnce(task: string, contender: string, database: string): Run {
  const program = path.join(__dirname, 'support', 'run.js');
  const call = ['--expose-gc', program, task, contender, database];
  return JSON.parse(execFileSync(process.execPath, call, { encoding: 'utf8' })) as Run;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}

program
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
