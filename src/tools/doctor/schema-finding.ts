import type { DataSource } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { type SchemaRevision, schemaDrift, schemaRevision } from '../../database/migration-engine/index.js';
import { OpsDbError } from '../../errors.js';
import { isReplica } from '../../services/replication/index.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** The revision of the schema. */
export async function schema(dataSource: DataSource): Promise<Finding[]> {
  return [judged(await schemaRevision(dataSource), dialectOf(dataSource).hasServer)];
}

function judged({ relation, database, code, pending, unknown }: SchemaRevision, isServer: boolean): Finding {
  switch (relation) {
    case 'same':
      return ok('schema', `revision ${code}`);
    case 'older':
      return fail(
        'schema',
        `revision ${database}, this version wants ${code}; pending: ${pending.join(', ')}`,
        isServer ? 'run opsdb migrate' : 'use another file, or opsdb init --drop where all rows may go',
      );
    case 'newer':
      return fail(
        'schema',
        `of a later version of ccat-ops-db, with ${unknown.join(', ')}`,
        'install that version',
      );
    case 'unstamped':
      return warn(
        'schema',
        'the tables are there, but nothing says of which revision',
        'run opsdb stamp where they are of this version',
      );
    case 'empty':
      return fail('schema', 'the tables of this package are not there', 'run opsdb init');
  }
}

/** Whether the schema is as the entities say, where it has the revision of this version. */
export async function drift(dataSource: DataSource): Promise<Finding[]> {
  if ((await schemaRevision(dataSource)).relation !== 'same') return [];
  return [await comparison(dataSource)];
}

async function comparison(dataSource: DataSource): Promise<Finding> {
  if (await isReplica(dataSource)) return ok('drift', 'not looked for on a replica');
  try {
    const found = await schemaDrift(dataSource);
    return differences(found.map(({ kind, object }) => `${kind}: ${object}`));
  } catch (error) {
    if (!(error instanceof OpsDbError)) throw error;
    return ok('drift', `not looked for: ${error.message}`);
  }
}

const SHOWN = 5;

function differences(lines: readonly string[]): Finding {
  if (lines.length === 0) return ok('drift', 'the schema is as the entities say');
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [];
  return fail(
    'drift',
    [...lines.slice(0, SHOWN), ...more].join('; '),
    'somebody changed the schema by hand: change it back; opsdb status lists everything',
  );
}
