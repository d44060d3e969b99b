import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ExecutedObsUnit, ObsUnit, RawDataFile } from '../../../src/entities/index.js';
import { startObservation } from '../../../src/services/filing/index.js';
import {
  type Faults,
  NO_FAULTS,
  type SimulationOptions,
  simulate,
} from '../../../src/tools/simulate/index.js';
import { readNightInput } from '../../../src/tools/simulate/input.js';
import { planNight } from '../../../src/tools/simulate/night-plan.js';
import { Random } from '../../../src/tools/simulate/random.js';
import { rawFiles } from '../../../src/tools/simulate/raw-files.js';
import { type DatabaseOptions, describeEachDatabase } from '../../support/databases.js';
import { digest } from './digest.js';

const FAULTS: Faults = {
  transfer: 0.2,
  checksum: 0.1,
  workerDeath: 0.1,
  duplicateFiling: 0.3,
  lateFinish: 0.2,
  linkDown: 0.4,
  bitRot: 0,
  diskFull: 0.1,
};
const NIGHT: SimulationOptions = { firstNight: '2026-11-30', nights: 1, rate: 8, seed: '42' };

/** Every call of the services runs on a history whose rows cannot be changed or deleted. */
const ONLY_ADDED = {
  postgresql: [
    `CREATE FUNCTION only_added() RETURNS trigger LANGUAGE plpgsql
       AS $$ BEGIN RAISE EXCEPTION 'rows of the history are only added'; END $$`,
    `CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON status_history
       FOR EACH ROW EXECUTE FUNCTION only_added()`,
  ],
  sqlite: ['UPDATE', 'DELETE'].map(
    (event) => `CREATE TRIGGER only_added_${event} BEFORE ${event} ON status_history
      BEGIN SELECT RAISE(ABORT, 'rows of the history are only added'); END`,
  ),
};

describeEachDatabase('a simulation', (database) => {
  async function seeded(): Promise<{ options: DatabaseOptions; dataSource: DataSource }> {
    const options = await database.create('seed');
    const dataSource = await database.open(options);
    for (const statement of ONLY_ADDED[dataSource.options.type === 'postgres' ? 'postgresql' : 'sqlite'])
      await dataSource.query(statement);
    return { options, dataSource };
  }

  async function keysOf(dataSource: DataSource, entity: typeof ExecutedObsUnit | typeof RawDataFile) {
    const rows = await dataSource.manager.find<ExecutedObsUnit | RawDataFile>(entity, {
      order: { id: 'ASC' },
    });
    return rows.map(({ id }) => id);
  }

  const broken = ({ check }: Awaited<ReturnType<typeof simulate>>) => check.filter((one) => one.broken > 0);

  it('ends with everything archived, reduced and deleted at the telescope', async () => {
    const { options, dataSource } = await seeded();
    const result = await simulate(options, { ...NIGHT, rate: 3 });
    expect(broken(result)).toEqual([]);
    expect(result.executions).toBe(3);
    const { verify, repair, ...others } = result.stages;
    expect([verify?.done, repair?.done]).toEqual([0, 0]);
    for (const { done } of Object.values(others)) expect(done).toBeGreaterThan(0);
    const [{ left }] = await dataSource.query(
      `SELECT count(*) AS "left" FROM physical_copy c JOIN data_location l ON l.id = c.data_location_id
        WHERE l.location_type IN ('source', 'buffer') AND c.status <> 'deleted'`,
    );
    expect(Number(left)).toBe(0);
  }, 60_000);

  it('keeps within the room that there is, and repairs what has rotted where a good copy is left', async () => {
    const faults = { ...NO_FAULTS, bitRot: 0.2 };
    // Without a limit 125 GB would lie there at most.
    const roomBytes = 120e9;
    const result = await simulate((await seeded()).options, { ...NIGHT, rate: 6, roomBytes, faults });
    const { bad, repaired, left } = result.health;
    expect(result.mostBytes).toBeGreaterThan(0);
    expect(result.mostBytes).toBeLessThanOrEqual(roomBytes);
    expect(repaired).toBeGreaterThan(0);
    // A bad copy that nothing needed may have gone.
    expect(repaired + left).toBeLessThanOrEqual(bad);
    // Only what has rotted without another copy is in danger.
    const alarms = [
      'file_is_kept',
      'archived_package_is_in_archive',
      'raw_data_has_a_good_copy',
      'package_is_somewhere',
    ];
    const names = broken(result).map(({ name }) => name);
    expect(names.filter((name) => left === 0 || !alarms.includes(name))).toEqual([]);
  }, 60_000);

  it('loses nothing, files nothing twice and leaves nothing stuck whatever goes wrong', async () => {
    const { options } = await seeded();
    const result = await simulate(options, { ...NIGHT, faults: FAULTS });
    expect(broken(result)).toEqual([]);
    const { duplicates, lateEnds, recovered, stages } = result;
    const failed = Object.values(stages).reduce((sum, tally) => sum + tally.failed, 0);
    for (const happened of [duplicates, lateEnds, recovered.released, recovered.retried, failed])
      expect(happened).toBeGreaterThan(0);
  }, 60_000);

  it('does the same for the same seed, and nothing when it is done already', async () => {
    const runs: Record<string, string[]>[] = [];
    for (const workers of [0, database.type === 'postgresql' ? 2 : 0]) {
      const { options, dataSource } = await seeded();
      const simulated = { ...NIGHT, rate: 1, faults: FAULTS, workers };
      await simulate(options, simulated);
      runs.push(await digest(dataSource));
      if (runs.length > 1) continue;
      expect(await simulate(options, simulated)).toMatchObject({ executions: 0, files: 0, rows: 0 });
      expect(await digest(dataSource)).toEqual(runs[0]);
    }
    expect(runs[1]).toEqual(runs[0]);
  }, 60_000);

  it('does something else for another seed', async () => {
    const input = await readNightInput((await seeded()).dataSource.manager, NIGHT.firstNight, 3);
    const planned = (seed: string) => planNight(new Random(seed), NIGHT.firstNight, input);
    expect(planned('42')).toEqual(planned('42'));
    expect(planned('43')).not.toEqual(planned('42'));
  });

  it('is taken up again after its process was killed, as often as it was', async () => {
    const { options: connection, dataSource } = await seeded();
    const workers = database.type === 'postgresql' ? 2 : 0;
    const options = { ...NIGHT, rate: 3, faults: FAULTS, workers };
    const executions = planNight(
      new Random(NIGHT.seed),
      NIGHT.firstNight,
      await readNightInput(dataSource.manager, NIGHT.firstNight, options.rate),
    );
    const files = executions.flatMap((execution) =>
      execution.modules.flatMap((module) => rawFiles(new Random(NIGHT.seed), execution, module, 0)),
    );
    for (const part of [0, 1]) {
      const child = fork(path.join(__dirname, 'run-simulation.js'), { serialization: 'advanced' });
      child.send({ connection, options });
      // Killed somewhere after the part: a moment that differs from run to run is what the test is about.
      if (part > 0) await once(child, 'message');
      await sleep(100 + Math.random() * 900);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const result = await simulate(connection, options);
    expect(broken(result)).toEqual([]);
    expect(await keysOf(dataSource, ExecutedObsUnit)).toEqual(executions.map(({ id }) => id).sort());
    expect(await keysOf(dataSource, RawDataFile)).toEqual(files.map(({ id }) => id).sort());
  }, 60_000);

  it.each([['production'], ['prod'], ['development', 'production'], []])(
    'is refused where the environment is %s %s',
    async (...environment) => {
      const { settings } = await database.create('tables');
      const connection = { settings: { ...settings, environment: environment.filter(Boolean) } };
      await expect(simulate(connection, NIGHT)).rejects.toMatchObject({
        code: 'filing_refused',
        message: expect.stringContaining('ENV_FOR_DYNACONF'),
      });
    },
  );

  it('leaves a night alone that holds executions of something else', async () => {
    const { options, dataSource } = await seeded();
    const { id: obsUnitId } = await dataSource.manager.findOneByOrFail(ObsUnit, { available: true });
    const startTime = new Date('2026-11-24T03:00:00Z');
    await startObservation(dataSource.manager, { id: uuidv7(), obsUnitId, startTime });
    await expect(simulate(options, { ...NIGHT, firstNight: '2026-11-23' })).rejects.toMatchObject({
      code: 'filing_conflict',
      message: expect.stringContaining('2026-11-23 has 1 executions that are not of this simulation'),
    });
  });

  it('says what is missing in a database without the starting state', async () => {
    const options = await database.create('tables');
    await expect(simulate(options, NIGHT)).rejects.toMatchObject({ code: 'seed_data_invalid' });
  });
});
