import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Half as many obs units as sources. */
export const UNITS_PER_SOURCE = 0.5;

const INDEX = 'fixed_source: sources.csv\nobs_unit: obs-units.csv\n';

/** Writes a folder with so many sources, in B1950 and sexagesimal, and half as many obs units that refer to them. */
export async function writeFolder(folder: string, sources: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'index.yaml'), INDEX);
  await write(path.join(folder, 'sources.csv'), sourceLines(sources));
  await write(path.join(folder, 'obs-units.csv'), unitLines(sources));
}

function write(file: string, lines: Iterable<string>): Promise<void> {
  return pipeline(Readable.from(lines), createWriteStream(file));
}

function* sourceLines(count: number): Generator<string> {
  yield 'name,category,ra,dec,system,velocity,frame,convention,aliases,note\n';
  for (let index = 0; index < count; index++) {
    const [hours, minutes, seconds] = [index % 24, index % 60, (index % 5999) / 100];
    const degrees = (index % 150) - 75;
    const position = `${hours}:${minutes}:${seconds},${degrees}:${minutes}:${seconds}`;
    yield `bench ${index},galaxy,${position},B1950,${index % 3000},LSR,radio,"[""B ${index}""]",made for the bench\n`;
  }
}

/** Units refer to sources in an order of their own, so that no cache of the neighbours helps. */
function* unitLines(sources: number): Generator<string> {
  yield 'name,source,observing_program,obs_mode,instrument_module_configurations,priority,requested_time_s,duration_s,elevation_min_deg,additional_params\n';
  const count = Math.floor(sources * UNITS_PER_SOURCE);
  for (let index = 0; index < count; index++) {
    const source = (index * 7919) % sources;
    const configuration = `Prime-Cam/${index % 2 ? '280 GHz' : '350 GHz'}/default`;
    yield `bench ${index},bench ${source},Cal,otf,${configuration},${index % 100},3600,600,30,"{""run"":${index}}"\n`;
  }
}
