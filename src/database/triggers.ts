/**
 * What the database does by itself when rows change. PostgreSQL notifies the sessions that listen for work or for changes, and
 * notes the transaction of each entry of the history. Both databases count what lies at each location, see `usage-triggers.ts`,
 * keep the cells and names of sources, see `source-triggers.ts`, hold the times of telescopes, see `telescope-triggers.ts`, keep
 * corrections as they are, and note when rows were changed, see `update-triggers.ts`.
 */
import type { DataSource, EntityMetadata, QueryRunner } from 'typeorm';
import { PhysicalCopy, StatusHistory } from '../entities/index.js';
import { Work } from '../entities/work.js';
import {
  CORRECTION_FUNCTIONS,
  CORRECTION_TRIGGERS,
  CORRECTION_TRIGGERS_ON_SQLITE,
} from './correction-triggers.js';
import { dialectOf } from './dialect.js';
import { ownTables } from './own-tables.js';
import { SOURCE_FUNCTIONS, SOURCE_TRIGGERS, SOURCE_TRIGGERS_ON_SQLITE } from './source-triggers.js';
import {
  TELESCOPE_FUNCTIONS,
  TELESCOPE_TRIGGERS,
  TELESCOPE_TRIGGERS_ON_SQLITE,
} from './telescope-triggers.js';
import { UPDATE_FUNCTIONS, updateTriggers, updateTriggersOnSqlite } from './update-triggers.js';
import { USAGE_FUNCTIONS, USAGE_TRIGGERS, USAGE_TRIGGERS_OF_SQLITE } from './usage-triggers.js';

/** Functions by name, each with its body in PL/pgSQL. Payloads hold a table and a key, no data. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  ccat_ops_db_notify_work: `
BEGIN
  PERFORM pg_catalog.pg_notify('ccat_ops_db_work', TG_TABLE_NAME || ' ' || NEW.id);
  RETURN NULL;
END`,
  ccat_ops_db_notify_change: `
BEGIN
  PERFORM pg_catalog.pg_notify('ccat_ops_db_change', '');
  RETURN NULL;
END`,
  ccat_ops_db_number_transaction: `
BEGIN
  NEW.transaction_number := (('x' || pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8))::bit(32)::bigint << 40)
    + pg_catalog.pg_current_xact_id()::text::bigint;
  RETURN NEW;
END`,
  ...USAGE_FUNCTIONS,
  ...SOURCE_FUNCTIONS,
  ...TELESCOPE_FUNCTIONS,
  ...UPDATE_FUNCTIONS,
  ...CORRECTION_FUNCTIONS,
};

/** A trigger of one table. */
interface Trigger {
  readonly name: string;
  readonly table: string;
  /** When it runs, and for what; without its function. */
  readonly event: string;
  readonly function: string;
}

/** The functions of the triggers. */
export const triggerFunctions: readonly string[] = Object.keys(FUNCTIONS);

/** Every trigger of the model on PostgreSQL. */
export function triggersOf(dataSource: DataSource): Trigger[] {
  const history = dataSource.getMetadata(StatusHistory).tableName;
  const waiting = ownTables(dataSource).flatMap(({ tableName, target }) => {
    const condition = waitingCondition(target);
    if (!condition) return [];
    const event = `AFTER INSERT OR UPDATE ON "${tableName}" FOR EACH ROW WHEN (${condition})`;
    const name = `tr_${tableName}__waiting`;
    return [{ name, table: tableName, event, function: 'ccat_ops_db_notify_work' }];
  });
  return [
    ...waiting,
    ...SOURCE_TRIGGERS,
    ...TELESCOPE_TRIGGERS,
    ...CORRECTION_TRIGGERS,
    {
      name: `tr_${history}__transaction`,
      table: history,
      event: `BEFORE INSERT ON "${history}" FOR EACH ROW`,
      function: 'ccat_ops_db_number_transaction',
    },
    {
      name: `tr_${history}__change`,
      table: history,
      event: `AFTER INSERT ON "${history}" FOR EACH STATEMENT`,
      function: 'ccat_ops_db_notify_change',
    },
    ...USAGE_TRIGGERS,
    ...updateTriggers(dataSource),
  ];
}

/** When a row of a class waits for a worker; undefined for a class that nobody works on. */
function waitingCondition(target: EntityMetadata['target']): string | undefined {
  if (target === PhysicalCopy) return `NEW."status" IN ('deletion_scheduled', 'deletion_failed')`;
  if (typeof target === 'string' || !(target.prototype instanceof Work)) return undefined;
  return `NEW."status" = 'pending'`;
}

/** Makes the triggers that a database does not have, with their functions. */
export async function createMissingTriggers(dataSource: DataSource, runner?: QueryRunner): Promise<void> {
  if (!dialectOf(dataSource).hasServer) return createOnSqlite(dataSource, runner);
  const present: { name: string }[] = await dataSource.query(
    `SELECT tgname AS name FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
     WHERE NOT tgisinternal AND relnamespace = to_regnamespace(quote_ident(current_schema()))`,
    [],
    runner,
  );
  const missing = triggersOf(dataSource).filter(({ name }) => !present.some((one) => one.name === name));
  if (missing.length === 0) return;
  for (const [name, body] of Object.entries(FUNCTIONS))
    await dataSource.query(
      `CREATE OR REPLACE FUNCTION "${name}"() RETURNS trigger LANGUAGE plpgsql ${rightsOf(name)} AS $body$${body}$body$`,
      [],
      runner,
    );
  for (const { name, event, function: action } of missing)
    await dataSource.query(`CREATE TRIGGER "${name}" ${event} EXECUTE FUNCTION "${action}"()`, [], runner);
}

/** Who may write copies or executions need have no rights on what is counted or looked up for them. */
function rightsOf(name: string): string {
  return name in USAGE_FUNCTIONS || name in TELESCOPE_FUNCTIONS ? 'SECURITY DEFINER' : '';
}

const TRIGGERS_ON_SQLITE: Readonly<Record<string, string>> = {
  ...USAGE_TRIGGERS_OF_SQLITE,
  ...SOURCE_TRIGGERS_ON_SQLITE,
  ...TELESCOPE_TRIGGERS_ON_SQLITE,
  ...CORRECTION_TRIGGERS_ON_SQLITE,
};

/** SQLite alters no table while a trigger of it names one that is missing; they are made again with the tables. */
export async function dropTriggersOnSqlite(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  if (dialectOf(dataSource).hasServer) return;
  for (const name of Object.keys(TRIGGERS_ON_SQLITE))
    await dataSource.query(`DROP TRIGGER IF EXISTS "${name}"`, [], runner);
}

async function createOnSqlite(dataSource: DataSource, runner?: QueryRunner): Promise<void> {
  const all = { ...TRIGGERS_ON_SQLITE, ...updateTriggersOnSqlite(dataSource) };
  for (const [name, definition] of Object.entries(all))
    await dataSource.query(`CREATE TRIGGER IF NOT EXISTS "${name}" ${definition}`, [], runner);
}
