import { userInfo } from 'node:os';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { createDataSource } from '../../datasource.js';
import { OpsDbError } from '../../errors.js';
import {
  CallState,
  openSpool,
  type Spool,
  type SpoolStatus,
  type StoredCall,
} from '../../services/spool/index.js';
import { describeBytes } from '../output/bytes.js';
import { coloured, DatabaseCommand, type Output, print } from './command.js';
import { commandSettings, connectionOptions } from './connection.js';
import { endsByItself } from './interrupt.js';
import { table } from './table.js';

interface Options extends Output {
  readonly path?: string;
  readonly state?: CallState;
  readonly limit: number;
  readonly after: number;
  readonly once?: boolean;
  readonly all?: boolean;
  readonly reason: string;
}

type Action = (spool: Spool, calls: readonly number[], options: Options) => void | Promise<void>;

const ACTIONS: Readonly<Record<string, Action>> = { run, status, list, show, retry, discard };

/** `opsdb spool`: calls that wait at the telescope for the primary, and calls that the primary has refused. */
export function spoolCommand(): Command {
  return new DatabaseCommand('spool', {
    'opsdb spool status': 'what waits, since when, whether it is being sent, and what was set aside',
    'opsdb spool run': 'send what waits and what comes until Ctrl-C, as a program of its own',
    'opsdb spool run --once': 'send what waits, once',
    'opsdb spool list --state refused --json': 'what the primary has refused, and why',
    'opsdb spool show 17': 'one call with all that it files',
    'opsdb spool retry 17 18': 'after removing the cause: send them again, with what depends on them',
    'opsdb spool discard 17 --reason filed-by-hand': 'give up a call that was set aside',
  })
    .description('Show, send, retry or discard the calls that a service at the telescope has spooled.')
    .addArgument(new Argument('<action>', 'what to do').choices(Object.keys(ACTIONS)))
    .argument('[calls...]', 'numbers of calls, for show, retry and discard', numbers)
    .option('--path <path>', 'the spool; by default that of the settings (spool_path)')
    .addOption(
      new Option(
        '--state <state>',
        'only calls in this state; by default those that wait or are refused',
      ).choices(Object.values(CallState)),
    )
    .option('--limit <count>', 'how many calls to list', whole, 100)
    .option('--after <call>', 'list calls after this one', whole, 0)
    .option('--once', 'end when nothing is left to be sent')
    .option('--all', 'retry everything that was set aside')
    .option('--reason <text>', 'why calls are discarded', `by ${userInfo().username}`)
    .action(work);
}

async function work(action: string, calls: readonly number[], options: Options): Promise<void> {
  const { path = commandSettings().spool.path } = options;
  if (path === null)
    throw new OpsDbError(
      'argument_invalid',
      'no spool is named: give --path, or set spool_path (CCAT_OPS_DB_SPOOL_PATH)',
    );
  const spool = openSpool({ path, mustExist: action !== 'run' });
  try {
    await ACTIONS[action]?.(spool, calls, options);
  } finally {
    spool.close();
  }
}

async function run(spool: Spool, _: readonly number[], { once, ...output }: Options): Promise<void> {
  endsByItself();
  const dataSource = createDataSource(connectionOptions());
  const stop = new AbortController();
  const end = () => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  try {
    if (once) {
      const forwarded = await spool.drain({ dataSource, signal: stop.signal });
      print(forwarded, output, ({ taken, refused, postponed }) =>
        [`${taken} calls were taken, ${refused} set aside, ${postponed} wait for what they refer to.`].join(
          '\n',
        ),
      );
      return;
    }
    await spool.forward({ dataSource, signal: stop.signal });
    status(spool, [], { ...output });
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

function status(spool: Spool, _: readonly number[], output: Output): void {
  print(spool.status(), output, (found) => describeSpool(found, new Date()));
}

function list(spool: Spool, _: readonly number[], { state, limit, after, ...output }: Options): void {
  print(spool.list({ state, limit, after }), output, describeCalls);
}

function show(spool: Spool, calls: readonly number[], output: Output): void {
  assertNamed('show', calls);
  const shown = calls.map((seq) => spool.show(seq));
  print(shown, output, () =>
    shown
      .map(({ content, ...call }) =>
        [describeCalls([call]), ...content.map((row) => JSON.stringify(row))].join('\n'),
      )
      .join('\n\n'),
  );
}

function retry(spool: Spool, calls: readonly number[], { all, ...output }: Options): void {
  if (!all) assertNamed('retry', calls, ', or --all');
  const retried = all ? spool.retry() : spool.retry(calls);
  print({ retried }, output, () => `${retried} calls wait to be sent again.`);
}

function discard(spool: Spool, calls: readonly number[], { reason, ...output }: Options): void {
  assertNamed('discard', calls);
  const discarded = spool.discard(calls, reason);
  print(
    { discarded },
    output,
    () => `${discarded} calls were discarded; only those that were set aside can be.`,
  );
}

function assertNamed(action: string, calls: readonly number[], or = ''): void {
  if (calls.length > 0) return;
  throw new OpsDbError(
    'argument_invalid',
    `opsdb spool ${action}: name calls by their numbers, as opsdb spool list shows them${or}`,
  );
}

/** The state of a spool as text. */
export function describeSpool(
  { path, calls, oldestWaiting, lastSent, outage, forwarder, clock, bytes, freeBytes, warnings }: SpoolStatus,
  now: Date,
): string {
  const { waiting, refused, taken } = calls;
  const since = oldestWaiting ? `, the oldest for ${age(oldestWaiting, now)}` : '';
  return [
    `Spool:    ${path} (${describeBytes(bytes)}; ${describeBytes(freeBytes)} free)`,
    `Waiting:  ${waiting.calls} calls, ${waiting.rows} rows${since}`,
    `Refused:  ${refused.calls} calls, ${refused.rows} rows`,
    `Taken:    ${taken.calls} calls, ${taken.rows} rows kept for readers at the site`,
    `Sending:  ${forwarder ? `process ${forwarder.pid} on ${forwarder.host} since ${forwarder.since}` : 'nobody'}`,
    `Sent:     ${lastSent ? `last at ${lastSent.toISOString()}` : 'never'}`,
    ...(outage ? [`Link:     down since ${outage.since}: ${outage.message}`] : []),
    ...(clock
      ? [
          `Clock:    the server is ${clock.offsetMs.toFixed(0)} ms ahead, ±${clock.uncertaintyMs.toFixed(0)} ms`,
        ]
      : []),
    ...warnings.map((warning) => `${coloured('warn', 'Warning:')}  ${warning}`),
  ].join('\n');
}

function describeCalls(calls: readonly StoredCall[]): string {
  if (calls.length === 0) return 'There is no such call.';
  const rows = calls.map(({ seq, kind, rows: count, state, notedAt, reason }) => [
    ...[seq, kind, count, state, notedAt.toISOString(), reason ?? ''],
  ]);
  return table(['call', 'what', 'rows', 'state', 'noted at', 'reason'], rows);
}

function age(since: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - since.getTime()) / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

function numbers(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, whole(text)];
}

function whole(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}
