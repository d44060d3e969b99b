/** One run of one contender in a process of its own; prints what it took as JSON. */
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { DataLocation, InstrumentModule, ObsUnit } from '../../src/entities/index.js';
import { type NewRawDataFile, startObservation } from '../../src/filing/index.js';
import { openDatabase } from '../support/database.js';
import { contenders } from './contenders.js';

async function main([name = '', database = '', count = '']: string[]): Promise<void> {
  const dataSource = await openDatabase(database);
  const { manager } = dataSource;
  await manager.query(
    dataSource.options.type === 'postgres'
      ? 'TRUNCATE physical_copy, raw_data_file CASCADE'
      : 'DELETE FROM physical_copy',
  );
  if (dataSource.options.type !== 'postgres') await manager.query('DELETE FROM raw_data_file');
  const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { name: 'Mars/focus/CHAI' });
  const { id: instrumentModuleId } = await manager.findOneByOrFail(InstrumentModule, { name: 'LFA' });
  const { id: sourceLocationId } = await manager.findOneByOrFail(DataLocation, { name: 'chai_raw_data' });
  const recordedAt = new Date('2026-11-24T03:00:00Z');
  const executedObsUnitId = await startObservation(manager, { obsUnitId, startTime: recordedAt });
  const checksum = createHash('sha256').update(name).digest('hex');
  function* files(): Generator<NewRawDataFile> {
    for (let index = 0; index < Number(count); index++)
      yield {
        id: uuidv7(),
        ...{ executedObsUnitId, instrumentModuleId, sourceLocationId, checksum, recordedAt },
        relativePath: `20261124/r${index % 100}/${index}.g3`,
        sizeBytes: 1_355_855_904,
        fileType: 'g3',
        checksumAlgorithm: 'sha256',
      };
  }
  const baseMb = process.memoryUsage().rss / 2 ** 20;
  const cpu = process.cpuUsage();
  const start = performance.now();
  await contenders[name]?.(dataSource, files());
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const [row] = await manager.query(
    'SELECT (SELECT count(*) FROM raw_data_file) AS "files", (SELECT count(*) FROM physical_copy) AS "copies"',
  );
  if (row.files !== Number(count) || row.copies !== Number(count))
    throw new Error(`${name} wrote ${JSON.stringify(row)}`);
  await dataSource.destroy();
  const peakMb = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ wallMs, cpuMs: (user + system) / 1000, baseMb, peakMb }));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
