import type { Client } from 'pg';
import { type Unnaming, unnamed } from './pg/pipeline.js';
import { poolerParameters } from './session-settings.js';

type Driver = typeof import('pg');
type Query = (this: Client, statement: unknown, ...more: unknown[]) => never;

/**
 * The driver for a pooler that lends a connection for one transaction at a time: no statement is kept on the server
 * under a name, since the next one to use it may be on another connection, and of the settings those go with the login that
 * poolers take.
 */
export function driverForTransactionPooler(pg: Driver): Driver {
  class UnnamedClient extends pg.Client implements Unnaming {
    readonly keepsNoStatements = true;

    /** What the driver sends with the login. */
    getStartupConf(): object {
      const { getStartupConf } = pg.Client.prototype as unknown as { getStartupConf(): object };
      return { ...getStartupConf.call(this), ...poolerParameters() };
    }
  }
  // Of the class, not of the client: what goes ahead of the next query takes that of the client away again.
  const { query } = pg.Client.prototype as unknown as { query: Query };
  UnnamedClient.prototype.query = function (this: Client, statement: unknown, ...more: unknown[]) {
    return query.call(this, isNamed(statement) ? unnamed(statement) : statement, ...more);
  } as Client['query'];
  return Object.create(pg, { Client: { value: UnnamedClient } });
}

function isNamed(statement: unknown): statement is object {
  return statement instanceof Object && 'name' in statement && !('submit' in statement);
}
