import type { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { type SchemaRevision, schemaDrift, schemaRevision } from '../../database/migration-engine/index.js';
import { readOwnership } from '../../database/ownership.js';
import { describeDatabase } from '../../database-url.js';
import { entitiesByDomain } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import type { SpoolStatus } from '../../services/spool/index.js';
import { describeBytes } from '../output/bytes.js';
import {
  type NightSummary,
  type Nights,
  type RunWarnings,
  readLatestNights,
  readRunWarnings,
  readStages,
  readStorage,
  type StageProgress,
  type StorageState,
  type Waiting,
  waitingWork,
} from '../report/index.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { connected } from './connect.js';
import { connectionOptions } from './connection.js';
import { describeStages, describeWaiting, describeWarnings } from './night.js';
import { describeSpool } from './spool.js';
import { spoolOfSettings } from './spool-of-settings.js';
import { describeStorage } from './storage.js';
import { table } from './table.js';

/** `opsdb status`: the state of the database and the archive. */
export function statusCommand(): Command {
  return new DatabaseCommand('status', {
    'opsdb status': 'what is in the database, whether its schema is of this version, and what waits',
    'opsdb status --json': 'the same for a monitor',
  })
    .description(
      'Print the revision of the schema, pending migrations, drift, rows by domain and table, replica or ' +
        'primary, the latest nights with the progress of their data, and which work waits where, and since when.',
    )
    .action(async (output: Output) => {
      print(await connected(readStatus), output, (status) => asText(status, new Date()));
    });
}

interface Status {
  readonly database: string;
  readonly server: 'file' | 'primary' | 'replica';
  readonly revision: Awaited<ReturnType<typeof schemaRevision>>;
  /** Lines of the schema that are not as the entities say; null where they were not compared. */
  readonly drift: readonly string[] | null;
  /** Why they were not compared. */
  readonly driftUnknown?: string;
  /** By domain and table. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The spool of the settings; null where there is none. */
  readonly spool: SpoolStatus | null;
  /** Null where the tables are of another version. */
  readonly archive: Archive | null;
}

interface Archive {
  /** The nights that were observed last, the latest first. */
  readonly nights: readonly NightSummary[];
  /** How far the data of these nights have come. */
  readonly stages: readonly StageProgress[];
  /** Reduction runs on data of these nights that completed with warnings, by step. */
  readonly warnings: readonly RunWarnings[];
  /** Of all nights. */
  readonly waiting: readonly Waiting[];
  /** Room, age and health of each location. */
  readonly storage: StorageState;
}

/** Number of nights whose progress is shown. */
const NIGHTS = 7;

async function readStatus(dataSource: DataSource): Promise<Status> {
  const server = await serverKind(dataSource);
  const revision = await schemaRevision(dataSource);
  return {
    database: describeDatabase(connectionOptions()),
    server,
    revision,
    ...(await readDrift(dataSource, server, revision.relation)),
    rows: await countRows(dataSource),
    spool: readSpool(),
    archive: revision.relation === 'same' ? await readArchive(dataSource) : null,
  };
}

function readSpool(): SpoolStatus | null {
  const spool = spoolOfSettings();
  const status = spool?.status() ?? null;
  spool?.close();
  return status;
}

async function readArchive({ manager }: DataSource): Promise<Archive> {
  const nights = await readLatestNights(manager, NIGHTS);
  const [latest, first] = [nights[0], nights.at(-1)];
  const span: Nights | undefined = latest && first && [first.night, latest.night];
  return {
    nights,
    stages: span ? await readStages(manager, span) : [],
    warnings: span ? await readRunWarnings(manager, span) : [],
    waiting: await waitingWork(manager),
    storage: await readStorage(manager),
  };
}

async function readDrift(
  dataSource: DataSource,
  server: Status['server'],
  relation: SchemaRevision['relation'],
): Promise<Pick<Status, 'drift' | 'driftUnknown'>> {
  if (server === 'replica') return { drift: null, driftUnknown: 'a replica cannot tell; ask the primary' };
  if (relation !== 'same') return { drift: null, driftUnknown: `the schema is ${relation}` };
  try {
    return { drift: (await schemaDrift(dataSource)).map(({ kind, object }) => `${kind}: ${object}`) };
  } catch (error) {
    if (error instanceof OpsDbError) return { drift: null, driftUnknown: error.message };
    throw error;
  }
}

async function serverKind(dataSource: DataSource): Promise<Status['server']> {
  if (!dialectOf(dataSource).hasServer) return 'file';
  const [{ replica }] = await dataSource.query('SELECT pg_is_in_recovery() AS replica');
  return replica ? 'replica' : 'primary';
}

/**
 * By domain and table, for those that are there; on PostgreSQL as of the last ANALYZE, since counting millions of rows would take a
 * while.
 */
async function countRows(dataSource: DataSource): Promise<Status['rows']> {
  const { own } = await readOwnership(dataSource);
  const rows: Record<string, Record<string, number>> = {};
  for (const [domain, entities] of Object.entries(entitiesByDomain)) {
    const order = entities.map((entity) => dataSource.getMetadata(entity).tableName);
    const names = [...new Set(order)].filter((name) => own.has(name));
    const counts = names.map(async (name) => [name, await countOf(dataSource, name)] as const);
    rows[domain] = Object.fromEntries(await Promise.all(counts));
  }
  return rows;
}

async function countOf(dataSource: DataSource, name: string): Promise<number> {
  if (dialectOf(dataSource).hasServer) {
    const [{ estimate }] = await dataSource.query(
      'SELECT reltuples::float8 AS estimate FROM pg_class WHERE oid = $1::regclass',
      [`"${name}"`],
    );
    if (estimate > EXACT_UP_TO) return Math.round(estimate);
  }
  const [{ count }] = await dataSource.query(`SELECT count(*) AS "count" FROM "${name}"`);
  return count;
}

/** Tables of more rows than this are estimated. */
const EXACT_UP_TO = 100_000;

function asText(
  { database, server, revision, drift, driftUnknown, rows, spool, archive }: Status,
  now: Date,
): string {
  const { relation, database: has, code, pending } = revision;
  const filled = Object.entries(rows).flatMap(([domain, tables]) => linesOf(domain, tables));
  return [
    `Database: ${database} (${server})`,
    `Schema:   ${has ?? 'none'} (${relation}; this version: ${code})`,
    ...pending.map((name) => `Pending:  ${name}`),
    ...(drift ?? [`not compared: ${driftUnknown}`]).map((line) => `Drift:    ${line}`),
    ...(drift?.length === 0 ? ['Drift:    none'] : []),
    ...(filled.length > 0 ? ['', table(['domain', 'table', 'rows'], filled)] : ['No table has a row.']),
    ...(spool === null ? [] : ['', describeSpool(spool, now)]),
    ...(archive === null ? [] : ['', describeArchive(archive, now)]),
  ].join('\n');
}

/** The sum of a domain, and below it the tables that have rows. */
function linesOf(domain: string, tables: Readonly<Record<string, number>>): (string | number)[][] {
  const filled = Object.entries(tables).filter(([, count]) => count > 0);
  const sum = filled.reduce((total, [, count]) => total + count, 0);
  return sum === 0 ? [] : [[domain, '', sum], ...filled.map(([name, count]) => ['', name, count])];
}

function describeArchive({ nights, stages, warnings, waiting, storage }: Archive, now: Date): string {
  const rest = `${describeWaiting(waiting, now)}\n\n${describeStorage(storage)}`;
  if (nights.length === 0) return `Nothing was executed yet.\n${rest}`;
  const rows = nights.map(({ night, executions, files, bytes, packages, archived }) => [
    ...[night, executions, files, describeBytes(bytes).padStart(8)],
    ...[packages, archived],
  ]);
  return [
    table(['night', 'executions', 'files', 'size', 'packages', 'archived'], rows),
    '',
    describeStages(stages),
    '',
    ...describeWarnings(warnings),
    rest,
  ].join('\n');
}
