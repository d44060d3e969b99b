/**
 * How much of the starting state of the package `opsdb init --local-url` writes before the files of the
 * folder.
 *
 * @example
 * import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { IN_MEMORY, initCcatOpsDb, ObsUnit, Telescope } from 'ccat-ops-db';
 * import { initObsUnits, StartingState } from 'ccat-ops-db/planning-files';
 *
 * const folder = mkdtempSync(join(tmpdir(), 'observatory-'));
 * writeFileSync(join(folder, 'index.yaml'), `starting_state: ${StartingState.FACILITY}`);
 * const { dataSource, session } = await initCcatOpsDb({ databaseType: 'sqlite', database: IN_MEMORY });
 * await initObsUnits(session, folder, { withStartingState: true });
 * console.log(await session.count(Telescope), await session.count(ObsUnit)); // 1 0
 * await dataSource.destroy();
 * rmSync(folder, { recursive: true });
 */
export const StartingState = {
  /** All of it. */
  ALL: 'all',
  /** The parts of the observatory, without plans and users. */
  FACILITY: 'facility',
  NONE: 'none',
} as const;
export type StartingState = (typeof StartingState)[keyof typeof StartingState];
