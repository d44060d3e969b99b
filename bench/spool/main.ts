/**
 * `npm run bench:spool [-- --files 75000 --kills 20 --delay 220]`: a spool during an outage, the time to send its calls
 * over the link afterwards, and its state after kills and cuts of its log. By default twelve hours of a night of
 * 150,000 files. Writers print each acknowledged call; at the end none may be lost or duplicated.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { program } from 'commander';
import type { DataSource } from 'typeorm';
import {
  DataLocation,
  ExecutedObsUnit,
  InstrumentModule,
  ObsUnit,
  openSpool,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  type Spool,
} from '../../src/index.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { table } from '../../src/tools/cli/table.js';
import { DelayingProxy } from '../link/proxy.js';
import { openDatabase } from '../support/database.js';
import { faultsAsExitCode } from '../support/faults-as-exit-code.js';
import { positive } from '../support/options.js';
import { startServer } from '../support/server.js';
import { type Observed, type Origin, observe } from './observe.js';

interface Options {
  readonly files: number;
  readonly kills: number;
  readonly delay: number;
}

/** Limits to keep. */
const LIMITS = { startMs: 5, filesMs: 50, drainS: 60 };
/** Largest ratio of the memory in the last quarter to that in the first. */
const GROWTH = 1.15;
/** Executions in twelve hours, and files of one call. */
const [EXECUTIONS, FILES_OF_CALL] = [40, 1000];

const rows: (string | number)[][] = [];
const faults: string[] = [];

function tell(what: string, value: string | number, isWrong = false): void {
  rows.push([what, value]);
  if (isWrong) faults.push(`${what}: ${value}`);
}

faultsAsExitCode(
  program
    .option('--files <n>', 'files of the outage', positive, 75_000)
    .option('--kills <n>', 'kills of a writer and of a forwarder', positive, 20)
    .option('--delay <ms>', 'time for the way to the server and back', positive, 220),
  main,
);

async function main({ files, kills, delay }: Options): Promise<string[]> {
  const server = await startServer();
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-spool-'));
  try {
    const url = await server.create('spool');
    const direct = await openDatabase(url);
    await direct.transaction((manager) => writeSeedData(manager, readSeedData(manager.dataSource)));
    const origin = await originOf(direct);
    const proxy = await DelayingProxy.start(url);
    await outage({ direct, proxy, folder, origin, files, delay });
    await flat({ url, folder, origin, files });
    await killed({ direct, url, folder, origin, kills });
    await cut(folder, origin);
    await direct.destroy();
    await proxy.stop();
  } finally {
    rmSync(folder, { recursive: true });
    await server.stop();
  }
  console.log(table(['', ''], rows));
  return faults;
}

async function originOf({ manager }: DataSource): Promise<Origin> {
  const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { available: true });
  const { id: instrumentModuleId } = await manager.findOneByOrFail(InstrumentModule, { name: 'LFA' });
  const { id: sourceLocationId } = await manager.findOneByOrFail(DataLocation, { name: 'chai_raw_data' });
  return { obsUnitId, instrumentModuleId, sourceLocationId };
}

interface OutageOptions {
  readonly direct: DataSource;
  readonly proxy: DelayingProxy;
  readonly folder: string;
  readonly origin: Origin;
  readonly files: number;
  readonly delay: number;
}

/** The link is down while a night is observed, and comes back. */
async function outage({ direct, proxy, folder, origin, files, delay }: OutageOptions): Promise<void> {
  const spool = openSpool({ path: path.join(folder, 'outage.sqlite'), warn: () => {} });
  const observed: Observed[] = [];
  const [startsMs, filesMs]: [number[], number[]] = [[], []];
  let failed = 0;
  const ofExecution = Math.ceil(files / EXECUTIONS);
  // The first calls build tables and compile statements.
  await observe(spool, origin, 0, 1, FILES_OF_CALL).then((one) => observed.push(one));
  for (let execution = 1; execution <= EXECUTIONS; execution++) {
    const given = execution === EXECUTIONS ? files - ofExecution * (EXECUTIONS - 1) : ofExecution;
    try {
      observed.push(
        await observe(spool, origin, execution, given, FILES_OF_CALL, (what, ms) =>
          (what === 'start' ? startsMs : filesMs).push(ms),
        ),
      );
    } catch (error) {
      failed += 1;
      console.error(error);
    }
  }
  for (let extra = 0; extra < 1000 - EXECUTIONS; extra++) {
    const before = performance.now();
    // The primary would refuse two starts at one instant.
    const startTime = new Date(Date.UTC(2025, 10, 1) + extra * 60_000);
    const id = await spool.startObservation({ obsUnitId: origin.obsUnitId, startTime });
    startsMs.push(performance.now() - before);
    observed.push({ id, fileIds: [], packageId: null });
  }
  const [p50, p99] = [quantile(startsMs, 0.5), quantile(startsMs, 0.99)];
  tell('calls that failed during the outage', failed, failed > 0);
  tell('startObservation, median of 1,000 [ms]', p50.toFixed(2));
  tell('startObservation, p99 of 1,000 [ms]', p99.toFixed(2), p99 > LIMITS.startMs);
  const [files50, files99] = [quantile(filesMs, 0.5), quantile(filesMs, 0.99)];
  tell('fileRawDataFiles of 1,000, median [ms]', files50.toFixed(1), files50 > LIMITS.filesMs);
  tell('fileRawDataFiles of 1,000, p99 [ms]', files99.toFixed(1));
  tell('size of the spool [MB]', (spool.status().bytes / 1e6).toFixed(1));

  proxy.delayMs = delay;
  const far = await openDatabase(proxy.url);
  const before = performance.now();
  const { taken, refused } = await spool.drain({ dataSource: far });
  const seconds = (performance.now() - before) / 1000;
  tell('calls sent after the outage', taken);
  tell(`sent within [s], at ${delay} ms`, seconds.toFixed(1), seconds > LIMITS.drainS || refused > 0);
  await far.destroy();
  proxy.delayMs = 0;
  await compare('outage', direct, observed);
  spool.close();
}

/** The memory of a writer and of a forwarder must not grow with the number of calls. */
async function flat({
  url,
  folder,
  origin,
  files,
}: Pick<OutageOptions, 'folder' | 'origin' | 'files'> & { readonly url: string }): Promise<void> {
  const program = [path.join(__dirname, 'memory.js'), path.join(folder, 'memory.sqlite')];
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    ...program,
    url,
    JSON.stringify(origin),
    String(files),
  ]);
  for (const [what, used] of Object.entries(JSON.parse(stdout) as Record<string, number[]>)) {
    const [first = 0, last = 0] = [used[0], used.at(-1)];
    tell(
      `memory while ${what}, after each quarter of ${files} files [MB]`,
      used.join(', '),
      last > GROWTH * first,
    );
  }
}

/** Writers and forwarders that are killed at random moments. */
async function killed({
  direct,
  url,
  folder,
  origin,
  kills,
}: {
  readonly direct: DataSource;
  readonly url: string;
  readonly folder: string;
  readonly origin: Origin;
  readonly kills: number;
}): Promise<void> {
  const file = path.join(folder, 'killed.sqlite');
  const observed: Observed[] = [];
  openSpool({ path: file }).close();
  for (let kill = 0; kill < kills; kill++) {
    // The telescope had the times of round 0 during the outage.
    const writer = start('writer', file, JSON.stringify(origin), String(kill + 1));
    const forwarder = start('forwarder', file, url);
    const ended = [writer, forwarder].map((child) => once(child, 'close'));
    const lines = createInterface({ input: writer.stdout as NodeJS.ReadableStream });
    lines.on('line', (line) => observed.push(JSON.parse(line) as Observed));
    // Waits for the start of the process.
    await once(lines, 'line');
    setTimeout(() => writer.kill('SIGKILL'), Math.random() * 2000);
    setTimeout(() => forwarder.kill('SIGKILL'), Math.random() * 3000);
    await Promise.all(ended);
  }
  const spool = openSpool({ path: file });
  const left = spool.status().calls.waiting.calls;
  const { refused } = await spool.drain({ dataSource: direct });
  tell(`kills of writer and forwarder, executions acknowledged`, `${kills}, ${observed.length}`);
  tell('calls left to send after the kills, refused', `${left}, ${refused}`, refused > 0);
  await compare('kills', direct, observed);
  spool.close();
}

function start(program: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [path.join(__dirname, `${program}.js`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The file and its log as a power failure may leave them: the log ends at any of its pages. */
async function cut(folder: string, origin: Origin): Promise<void> {
  const file = path.join(folder, 'cut.sqlite');
  const spool: Spool = openSpool({ path: file });
  const log = `${file}-wal`;
  /** How long the log was when a call was acknowledged. */
  const acknowledged: number[] = [];
  const sizeOf = () => readFileSync(log).length;
  for (let call = 0; call < 60; call++) {
    await observe(spool, origin, call, call % 20, FILES_OF_CALL, () => acknowledged.push(sizeOf()));
  }
  const copy = path.join(folder, 'copy.sqlite');
  const [main, whole] = [readFileSync(file), readFileSync(log)];
  spool.close();
  const [HEADER, FRAME] = [32, 24 + 4096];
  let [cuts, lost] = [0, 0];
  for (let end = HEADER; end <= whole.length; end += FRAME) {
    // The file as it was when the log began.
    writeFileSync(copy, main);
    writeFileSync(`${copy}-wal`, whole);
    rmSync(`${copy}-shm`, { force: true });
    truncateSync(`${copy}-wal`, end);
    const calls = callsIn(copy);
    const promised = acknowledged.filter((size) => size <= end).length;
    cuts += 1;
    if (calls < promised) lost += 1;
  }
  copyFileSync(copy, path.join(folder, 'last.sqlite'));
  tell('cuts of the log at a page, with calls lost', `${cuts}, ${lost}`, lost > 0);
}

function callsIn(file: string): number {
  const spool = openSpool({ path: file });
  const { calls } = spool.status();
  spool.close();
  return calls.waiting.calls;
}

/** Compares acknowledged calls with the rows of the primary. */
async function compare(what: string, { manager }: DataSource, observed: readonly Observed[]): Promise<void> {
  let lost = 0;
  const files = observed.flatMap(({ fileIds }) => fileIds);
  for (const { id, packageId, fileIds } of observed) {
    const execution = await manager.findOneBy(ExecutedObsUnit, { id });
    if (!execution || (packageId && execution.status !== 'completed')) lost += 1;
    if (!packageId) continue;
    if (!(await manager.existsBy(RawDataPackage, { id: packageId }))) lost += 1;
    const found = await manager.countBy(RawDataFile, { executedObsUnitId: id, rawDataPackageId: packageId });
    lost += fileIds.length - found;
  }
  const [{ copies }] = await manager.query(
    `SELECT count(*)::int AS copies FROM (SELECT raw_data_file_id FROM physical_copy
       WHERE raw_data_file_id IS NOT NULL GROUP BY raw_data_file_id HAVING count(*) > 1) AS twice`,
  );
  const [unique, all] = [new Set(files).size, await manager.countBy(RawDataFilePhysicalCopy, {})];
  tell(
    `${what}: files acknowledged, lost, doubled (copies in all)`,
    `${unique}, ${lost}, ${copies} (${all})`,
    lost + copies !== 0,
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
