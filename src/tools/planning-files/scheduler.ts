import { writeFile } from 'node:fs/promises';
import type { EntityManager } from 'typeorm';
import { type SchedulerList, type SchedulerSource, schedulerList } from '../../services/dispatch/index.js';
import { plainCsvLine } from './csv-line.js';
import { sexagesimal } from './sexagesimal.js';

const HEAD = ['name', 'RA', 'DEC', 'width', 'height', 'priority', 'velocity', 'scan_type'];
const DEGREES_AN_HOUR = 15;

/**
 * Writes the obs units into the source list that the offline scheduler reads: CSV with the right ascension in hours and
 * the order of priorities reversed.
 * @param manager reads the units
 * @param file is replaced where it is there
 * @returns what was written, and the units that were left out, with the reasons
 *
 * @example
 * import { mkdtemp, readFile, rm } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import path from 'node:path';
 * import { exportForScheduler } from 'ccat-ops-db/planning-files';
 *
 * const folder = await mkdtemp(path.join(tmpdir(), 'scheduler-'));
 * const file = path.join(folder, 'sources.csv');
 * await exportForScheduler(session, file);
 * const line = (await readFile(file, 'utf8')).split('\n').find((text) => text.startsWith('Wide01'));
 * console.log(line); // Wide01/pong/280,12:00:00.000,-30:00:00.00,20,10,50,0.5,pong
 * await rm(folder, { recursive: true });
 */
export async function exportForScheduler(manager: EntityManager, file: string): Promise<SchedulerList> {
  const list = await schedulerList(manager);
  await writeFile(file, [HEAD, ...list.sources.map(cells)].map(plainCsvLine).join(''));
  return list;
}

function cells(source: SchedulerSource): string[] {
  const { name, raDeg, decDeg, widthDeg, heightDeg, priority, velocityDegS, scanType } = source;
  const numbers = [rounded(widthDeg), rounded(heightDeg), priority, velocityDegS].map(String);
  return [name, sexagesimal(raDeg / DEGREES_AN_HOUR, 3), signed(decDeg), ...numbers, scanType];
}

function signed(degrees: number): string {
  return `${degrees < 0 ? '-' : '+'}${sexagesimal(Math.abs(degrees), 2)}`;
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}
