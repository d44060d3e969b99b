import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { ObsMode, ObsUnit } from '../../../src/entities/index.js';
import type { InvalidInputError } from '../../../src/errors.js';
import { fileObsUnits } from '../../../src/services/filing/index.js';
import { fromPlain, toPlain } from '../../../src/services/schemas/index.js';
import { loadObsUnits } from '../../../src/tools/planning-files/index.js';
import { describeEachDatabase } from '../../support/databases.js';

const DAISY = { name: '3C84_wide', onsky_velocity: 0.4, R0: 1, Rt: 0.2, Ra: 0 };
const PONG = {
  name: 'Wide01_b',
  onsky_velocity: 0.5,
  width: 2,
  height: 2,
  spacing: 0.1,
  num_terms: 4,
  angle: 0,
};
const { angle: _, ...TURNING } = { ...PONG, angle_var: 1 };

/** Sets with what is wrong with them; nothing where they may be stored. */
const SETS: readonly (readonly [mode: string, set: Record<string, unknown>, keys: readonly string[]])[] = [
  ['daisy', DAISY, []],
  [
    'daisy',
    { ...DAISY, name: 'daisy', duration: 300, spacing: 1, R0: '1' },
    ['R0', 'duration', 'name', 'spacing'],
  ],
  ['daisy', { ...DAISY, constructor: 1, toString: 2 }, ['constructor', 'toString']],
  ['pong', PONG, []],
  ['pong', TURNING, []],
  ['pong', { ...PONG, angle_var: 2.5 }, ['angle_var', 'angle_var']],
  ['pong', {}, ['angle', 'height', 'name', 'num_terms', 'onsky_velocity', 'spacing', 'width']],
  ['constant_el', { onsky_velocity: 0.5 }, []],
  ['constant_el', { onsky_velocity: 0.5, elevation: 50, az_min: 0 }, ['az_min', 'elevation']],
  ['source_scan', { body: 'jupiter', el_bore: 35 }, []],
  ['source_scan', { body: 'Jupiter', el_bore: 10, az_width: 2 }, ['az_width', 'body', 'el_bore']],
  ['planet_cal', { name: 'planet_cal', body: 'mars', ra: 10 }, ['body', 'dec', 'name']],
  ['otf', { anything: 'goes' }, []],
];

describeEachDatabase('a set of scan parameters that the survey planner would not write', (database) => {
  let dataSource: DataSource;
  let unit: ObsUnit;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    unit = await dataSource.manager.findOneByOrFail(ObsUnit, { name: '3C84/daisy/Prime-Cam' });
  });

  const modeOf = (name: string) => dataSource.manager.findOneByOrFail(ObsMode, { name });
  const keysIn = (error: unknown) =>
    (error as InvalidInputError).issues.map(({ key }) => key.split('.').at(-1)).sort();

  it.each(SETS)('is refused by fileObsUnits: %s %j', async (mode, mappingParameters, keys) => {
    const { id: obsModeId } = await modeOf(mode);
    const { sourceId, observingProgramId } = unit;
    const given = { name: 'door', sourceId, observingProgramId, obsModeId, requestedTimeS: 1, durationS: 1 };
    const filed = fileObsUnits(dataSource.manager, [{ ...given, mappingParameters }]);
    if (keys.length > 0) {
      expect(keysIn(await filed.catch((error) => error))).toEqual(keys);
      return;
    }
    expect(await filed).toMatchObject([{ name: 'door', obsModeId, mappingParameters }]);
  });

  it.each(SETS)('is refused by fromPlain: %s %j', async (mode, mappingParameters, keys) => {
    const plain = JSON.parse(
      JSON.stringify({ ...toPlain(unit), obsMode: toPlain(await modeOf(mode)), mappingParameters }),
    );
    const read = () => fromPlain(ObsUnit, plain);
    if (keys.length === 0) expect(read()).toMatchObject({ mappingParameters });
    else {
      let error: unknown;
      try {
        read();
      } catch (caught) {
        error = caught;
      }
      expect(keysIn(error)).toEqual(keys);
    }
  });

  it('is refused by fromPlain where the mode is not given, if it fits none', () => {
    const plain = JSON.parse(JSON.stringify(toPlain(unit)));
    const set = (mappingParameters: object) => fromPlain(ObsUnit, { ...plain, mappingParameters });
    expect(set(PONG)).toMatchObject({ mappingParameters: PONG });
    expect(set({ own: 1 })).toMatchObject({ mappingParameters: { own: 1 } });
    expect(() => set({ ...DAISY, Rt: -1 })).toThrow(/mappingParameters\.Rt = -1: must be above 0 \[deg\]/);
  });

  it.each(SETS)('is refused in a planning file: %s %j', async (mode, set, keys) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'doors-'));
    const file = path.join(folder, 'units.csv');
    const json = `"${JSON.stringify(set).replaceAll('"', '""')}"`;
    const head = 'name,source,observing_program,obs_mode,requested_time_s,duration_s,mapping_parameters';
    writeFileSync(file, `${head}\nby file,3C84,Cal,${mode},60,60,${json}\n`);
    const loaded = loadObsUnits(dataSource.manager, [file]).finally(() =>
      rmSync(folder, { recursive: true }),
    );
    if (keys.length === 0) expect((await loaded).tables).toHaveLength(1);
    else expect(keysIn(await loaded.catch((error) => error))).toEqual(keys);
  });

  it('is refused in a planning file that only changes the mode of a unit', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'doors-'));
    const file = path.join(folder, 'units.csv');
    const head = 'name,source,observing_program,obs_mode,requested_time_s,duration_s';
    writeFileSync(file, `${head}\nWide01/pong/280,Wide01,WFS,daisy,72000,2880\n`);
    const loaded = loadObsUnits(dataSource.manager, [file]).finally(() =>
      rmSync(folder, { recursive: true }),
    );
    await expect(loaded).rejects.toThrow(/units\.csv:2: mapping_parameters\.R0 = nothing: is required/);
  });

  it('is a scan below 20 degrees, or a sidereal window without extent, for the database', async () => {
    const refused = (set: object) => dataSource.manager.update(ObsUnit, unit.id, set);
    await expect(refused({ nominalAlt: 19.9 })).rejects.toThrow(/ck_obs_unit__nominal_alt/);
    await expect(refused({ minLsa: 310, maxLsa: 310 })).rejects.toThrow(/ck_obs_unit__lsa_limits_differ/);
    await refused({ nominalAlt: 20, minLsa: 310, maxLsa: 10 });
  });
});
