/** What the types of a service go through: entities, options, results, every entry point that a service may use. */
import {
  createDataSource,
  fileRawDataFiles,
  initCcatOpsDb,
  loadSettings,
  ObsUnit,
  type OpsDb,
  type Settings,
  withDbSession,
  work,
} from 'ccat-ops-db';
import { readNight } from 'ccat-ops-db/report';
import { simulate } from 'ccat-ops-db/simulate';
import { createTestDatabase, make } from 'ccat-ops-db/testing';
import type { EntityManager } from 'typeorm';

const settings: Settings = loadSettings();
export const port: number = settings.postgresql.port;

export async function names(): Promise<(string | undefined)[]> {
  const db: OpsDb = await initCcatOpsDb({ settings });
  const units = await db.session.find(ObsUnit, { relations: { source: true } });
  return units.map(({ source }) => source?.name);
}

export const priorityOf = (manager: EntityManager): Promise<number> =>
  make(manager, ObsUnit, { priority: 7 }).then(({ priority }) => priority);

export const all = [
  createDataSource,
  createTestDatabase,
  fileRawDataFiles,
  readNight,
  simulate,
  withDbSession,
  work,
];
