import { existsSync } from 'node:fs';
import { openSpool, type Spool } from '../../services/spool/index.js';
import { commandSettings } from './connection.js';

/** The spool of the settings, where there is one; the caller closes it. */
export function spoolOfSettings(): Spool | undefined {
  const { path } = commandSettings().spool;
  return path === null || !existsSync(path) ? undefined : openSpool({ path, mustExist: true });
}
