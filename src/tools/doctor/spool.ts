import { existsSync } from 'node:fs';
import { openSpool } from '../../services/spool/index.js';
import type { Settings } from '../../settings/index.js';
import { type Finding, ok, warn } from './finding.js';

/** What waits in the spool of the settings, and what an operator should do; no finding where there is no spool. */
export function spoolFindings({ spool: { path } }: Settings): Finding[] {
  if (path === null) return [];
  if (!existsSync(path))
    return [
      warn(
        'spool',
        `there is no file ${path}`,
        'a service that files makes it, or change spool_path where it is elsewhere',
      ),
    ];
  const spool = openSpool({ path, mustExist: true });
  try {
    const { calls, forwarder, outage, warnings } = spool.status();
    const { waiting, refused } = calls;
    const found = `${waiting.calls} calls wait, ${refused.calls} were set aside; ${forwarder ? 'they are being sent' : 'nobody sends them'}`;
    const unsent = !forwarder && waiting.calls > 0;
    const remedy = 'opsdb spool run sends them, or spool.forward in the service';
    return [
      unsent ? warn('spool', found, remedy) : ok('spool', found),
      ...(outage
        ? [warn('spool', `nothing can be sent since ${outage.since}: ${outage.message}`, LINK)]
        : []),
      ...warnings.map((warning) => warn('spool', warning, 'opsdb spool status tells more')),
    ];
  } finally {
    spool.close();
  }
}

const LINK = 'see to the link; what waits is sent by itself when it is back';
