import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import { OpsDbError } from '../../errors.js';
import {
  fileRawDataFiles,
  finishObservation,
  type NewRawDataFile,
  type ObservationEnd,
  type ObservationStart,
  startObservation,
} from '../../services/filing/index.js';
import { openSpool } from '../../services/spool/index.js';

/** The calls that the telescope makes for an execution. */
export interface TelescopeCalls {
  readonly knowsWhatIsNew: boolean;
  readonly start: (start: ObservationStart) => Promise<unknown>;
  /** @returns how many files were added or noted */
  readonly files: (files: readonly NewRawDataFile[]) => Promise<number>;
  readonly end: (end: ObservationEnd) => Promise<unknown>;
}

/** Calls that go to the primary. */
export function overTheLink(manager: EntityManager): TelescopeCalls {
  return {
    knowsWhatIsNew: true,
    start: (start) => startObservation(manager, start),
    files: async (files) => (await fileRawDataFiles(manager, files)).added,
    end: (end) => finishObservation(manager, end),
  };
}

/** The telescope while the link is down. */
export interface Outage extends TelescopeCalls {
  /** Sends all spooled calls after the outage. @returns their number */
  readonly isOver: () => Promise<number>;
}

/** Calls that go into a spool until the link is back. After an interruption a simulation spools them again. */
export function outage(dataSource: DataSource): Outage {
  const folder = mkdtempSync(path.join(tmpdir(), 'opsdb-simulation-'));
  const spool = openSpool({ path: path.join(folder, 'spool.sqlite') });
  return {
    knowsWhatIsNew: false,
    start: (start) => spool.startObservation(start),
    files: async (files) => (await spool.fileRawDataFiles(files)).noted,
    end: (end) => spool.finishObservation(end),
    async isOver() {
      const { taken, refused, postponed } = await spool.drain({ dataSource });
      const [first] = spool.list();
      spool.close();
      if (refused + postponed > 0)
        throw new OpsDbError(
          'filing_refused',
          `after the outage ${refused + postponed} calls were not taken, such as ${first?.kind}: ${first?.reason}; see the spool in ${folder}`,
        );
      rmSync(folder, { recursive: true });
      return taken;
    },
  };
}
