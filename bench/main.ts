/** `npm run bench [-- tasks…]`: this package against the raw drivers, TypeORM and, where installed, its peers. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { comparison } from './support/report.js';
import { type Server, startServer } from './support/server.js';
import { DATABASES, type Run, type Task } from './support/task.js';
import { contendersOf, peerNames, taskNamed, taskNames } from './tasks.js';

interface Options {
  readonly runs: number;
  readonly peers?: boolean;
  readonly beside?: string;
  readonly only?: readonly string[];
  readonly database: readonly (typeof DATABASES)[number][];
}

const program = new Command('bench')
  .description('Compares ways to do the same work; each ratio is to the raw driver in the same run.')
  .addArgument(new Argument('[tasks...]', 'what to do; all where left out').choices(taskNames))
  .option('--runs <number>', 'how often each contender runs, one after the other in turn', whole, 7)
  .option('--peers', 'other libraries as well (npm run bench:peers installs them)')
  .option('--beside <folder>', 'a checkout of another revision, built, whose package takes part as "beside"')
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
    // The autovacuum after the run of one contender would slow down the next one.
    await server.run('ALTER SYSTEM SET autovacuum = off');
    await server.run('SELECT pg_reload_conf()');
    for (const kind of options.database) {
      const filled = new Map<Task<unknown>['fill'], Databases>();
      for (const name of names.length > 0 ? names : taskNames) {
        const task = await taskNamed(name);
        const databases = filled.get(task.fill) ?? (await fill(name, kind, server, folder, options));
        filled.set(task.fill, databases);
        await compare(name, task, kind, databases, options);
      }
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

/** The database of this revision, and that of the other one, which may have other tables. */
interface Databases {
  readonly own: string;
  readonly beside?: string;
}

async function fill(
  name: string,
  kind: Options['database'][number],
  server: Server,
  folder: string,
  { beside }: Options,
): Promise<Databases> {
  const filled = async (suffix: string, root: readonly string[]) => {
    const database =
      kind === 'postgresql'
        ? await server.create(`${name}${suffix}`.replaceAll('-', '_'))
        : path.join(folder, `${name}${suffix}.sqlite`);
    runScript('fill', name, database, ...root);
    return database;
  };
  return { own: await filled('', []), beside: beside && (await filled('-beside', [beside])) };
}

async function compare(
  name: string,
  task: Task<unknown>,
  kind: string,
  databases: Databases,
  { runs, peers, only, beside }: Options,
): Promise<void> {
  const withPeers = peers ?? only?.some((one) => peerNames.includes(one)) ?? false;
  const contenders = await contendersOf(name, task, withPeers);
  const taking = Object.entries(contenders)
    .filter(
      ([one, { only: onlyOn = kind }]) => onlyOn === kind && (one === 'raw' || !only || only.includes(one)),
    )
    .map(([one]) => one)
    .concat(beside ? [BESIDE] : []);
  const results = new Map<string, Run[]>(taking.map((one) => [one, []]));
  // One more run to warm up; in turn, so that other load on the machine affects all alike.
  for (let run = 0; run <= runs; run++)
    for (const [contender, list] of results) {
      const output = runOnce(name, contender, databases, beside);
      if (run > 0) list.push(output);
    }
  console.log(`\n${name}, ${kind}: ${task.title}; medians of ${runs} runs`);
  console.log(comparison(results, (contender) => contenders[contender]?.less));
}

/** This package as another revision has it. */
const BESIDE = 'beside';

function runOnce(task: string, contender: string, { own, beside }: Databases, root?: string): Run {
  const output =
    contender === BESIDE
      ? runScript('run', task, 'ccat-ops-db', beside as string, root as string)
      : runScript('run', task, contender, own);
  return JSON.parse(output) as Run;
}

/** Runs a script of `support` in a child process. @returns its standard output */
function runScript(name: string, ...given: readonly string[]): string {
  const call = ['--expose-gc', path.join(__dirname, 'support', `${name}.js`), ...given];
  return execFileSync(process.execPath, call, { encoding: 'utf8' });
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
