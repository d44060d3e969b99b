import type { DataSource, QueryRunner } from 'typeorm';
import { readOwnership } from '../ownership.js';
import { knownMigrations, notedMigrations } from './notes.js';
import { executorOfOwn } from './own-migrations.js';

/** How the schema of a database stands to this version of the package. */
export interface SchemaRevision {
  /**
   * - `same`: the database has every migration that this version has, and no other
   * - `older`: migrations are pending; run `opsdb migrate`
   * - `newer`: the database has migrations that this version does not know; install a newer version
   * - `unstamped`: the tables are there, but nothing says of which revision; see `opsdb stamp`
   * - `empty`: the tables of this package are not there
   */
  readonly relation: 'same' | 'older' | 'newer' | 'unstamped' | 'empty';
  /** The newest migration that the database has; null when it has none. */
  readonly database: string | null;
  /** The newest migration of this version. */
  readonly code: string;
  /** Migrations that the database does not have yet, the oldest first. */
  readonly pending: readonly string[];
  /** Migrations that this version does not know, the oldest first. */
  readonly unknown: readonly string[];
}

/**
 * Tells whether the schema of a database is of the same, an older or a newer revision than this version of the package;
 * a service asks this when it connects. Reads only, also on a replica.
 * @param runner to ask with; one of its own where left out
 *
 * @example
 * import { schemaRevision, initCcatOpsDb } from 'ccat-ops-db';
 *
 * const { dataSource } = await initCcatOpsDb({ database: ':memory:' });
 * console.log((await schemaRevision(dataSource)).relation); // same
 * await dataSource.destroy();
 */
export async function schemaRevision(dataSource: DataSource, runner?: QueryRunner): Promise<SchemaRevision> {
  const known = knownMigrations(dataSource);
  const applied = await notedMigrations(dataSource, runner);
  const pending = known.filter((name) => !applied.includes(name));
  const unknown = applied.filter((name) => !known.includes(name));
  return {
    relation: relationOf(applied, pending, unknown) ?? (await relationOfUnstamped(dataSource, runner)),
    database: applied.at(-1) ?? null,
    code: known.at(-1) as string,
    pending,
    unknown,
  };
}

async function relationOfUnstamped(
  dataSource: DataSource,
  runner?: QueryRunner,
): Promise<SchemaRevision['relation']> {
  return (await readOwnership(dataSource, runner)).own.size === 0 ? 'empty' : 'unstamped';
}

function relationOf(
  applied: readonly string[],
  pending: readonly string[],
  unknown: readonly string[],
): SchemaRevision['relation'] | undefined {
  if (applied.length === 0) return undefined;
  if (unknown.length > 0) return 'newer';
  return pending.length > 0 ? 'older' : 'same';
}

/**
 * Notes that the database has all migrations of this version, without running them.
 * @param runner whose transaction the notes belong to; one of their own where left out
 *
 * @example
 * import { schemaRevision, createDataSource, stampRevision } from 'ccat-ops-db';
 *
 * const dataSource = await createDataSource({ database: ':memory:' }).initialize();
 * await dataSource.synchronize();
 * console.log((await schemaRevision(dataSource)).relation); // unstamped
 * await stampRevision(dataSource);
 * console.log((await schemaRevision(dataSource)).relation); // same
 * await dataSource.destroy();
 */
export async function stampRevision(dataSource: DataSource, runner?: QueryRunner): Promise<void> {
  const executor = executorOfOwn(dataSource, runner);
  executor.fake = true;
  executor.transaction = 'none';
  await executor.executePendingMigrations();
}
