import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { FixedSource } from '../../../src/entities/index.js';
import { InvalidInputError } from '../../../src/errors.js';
import { packageRoot } from '../../../src/package-root.js';
import { initObsUnits } from '../../../src/tools/planning-files/index.js';
import { describeEachDatabase } from '../../support/databases.js';

const FOLDER = join(packageRoot(), 'test', 'tools', 'planning-files', 'faulty');

const FAULTS = [
  'index.yaml:2: starting_state = "everything": must be one of all, facility, none',
  'index.yaml:3: sub_observing_programs = "sub_observing_programs": is unknown; did you mean sub_observing_program?',
  'index.yaml:4: constant_elevation_source.0.formt = "formt": is unknown; did you mean format?',
  'index.yaml:16: obs_unit = "good unit": stands in the files as well',
  'index.yaml:17: site = "ccat": is in use: other rows refer to it',
  'azimuth.csv:1: column = "azmax": is unknown; did you mean az_max?',
  'mapping.csv:2: width = "wide": must be a number',
  'catalogue.kosma:1: column = category: is missing',
  'catalogue.kosma:2: line = "Jet9 EQ 1875 12:56:11.167 -05:47:21.52": has the equinox 1875, which is not supported: give EQ 2000 or EQ 1950',
  'columns.csv:1: column = category: is missing',
  'columns.csv:1: column = dec: stands there twice',
  'columns.csv:1: column = velocty: is unknown; did you mean velocity?',
  'configurations.csv:2: onsky_velocity_deg_s = "0": must be greater than 0',
  'empty.csv: file = empty.csv: must begin with a line of columns',
  'inpar/TUNING.csv:3: lo_frequency_ghz = "468": must be "467" as in the first line of the file',
  expect.stringMatching(/^missing\.csv: file = missing\.csv: cannot be read: ENOENT/),
  'obs-units.csv:4: obs_mode = "oft": no ObsMode has this name; the nearest are otf, pong',
  'obs-units.csv:6: mapping = "pong_5x8": stands in no table of the index; the nearest is pong_5x7',
  'obs-units.csv:7: requested_time_s = "3000000000": must be at most 2147483647',
  'obs-units.csv:8: duration_s = "600.5": must be a whole number',
  'obs-units.csv:9: additional_params = "[1]": must be an object in JSON',
  expect.stringMatching(/^obs-units\.csv:10: obs_unit = limits: .*ck_obs_unit__elevation_limits_ordered/),
  'obs-units.csv:11: observing_program = "": must not be empty',
  'programs.csv:2: instrument = "CHIA": no Instrument has this name; the nearest is CHAI',
  'quotes.csv:2: line = 2: has a quote within a cell: put the whole cell in quotes and double those within',
  'quotes.csv:3: line = 3: has text after a closing quote: put the whole cell in quotes and double those within; the lines after it were not read',
  'semicolons.csv:1: column = name;category;ra;dec: is one column: put commas between columns',
  'sites.csv:2: active_in = "weekends": allowed are development, production, separated by ;',
  'slots.csv:2: start_time = "2026-12-05 03:00": must be an instant of RFC 3339 with its zone, in the years 0001 to 9999, such as 2026-11-24T03:00:00Z',
  'slots.csv:3: obs_unit = "good units": no ObsUnit has this name; the nearest is good unit',
  'sources.csv:2: ra = "25:00:00": must be from 0 to 360 degrees',
  'sources.csv:3: dec = "-95": must be from -90 to 90 degrees',
  'sources.csv:4: ra = "five": must be an angle such as 83.810417 (degrees), 5.587361h, 05:35:14.5 (hours), 5h35m14.5s or 83d48m37.5s',
  'sources.csv:5: ra = "05:61:00": must have minutes and seconds below 60',
  'sources.csv:6: dec = "5h22m30s": must be in degrees, not in hours',
  'sources.csv:7: system = "B1875": allowed are icrs, j2000, fk5, b1950, fk4; galactic is glon, glat',
  'sources.csv:8: velocity = "fast": must be a number of km/s',
  'sources.csv:9: frame = "topocentric": allowed are lsr, vlsr, lsrk, hel, helio, heliocentric, bary, barycentric, unstated',
  'sources.csv:10: frame = "": must say what it refers to: lsr, vlsr, lsrk, hel, helio, heliocentric, bary, barycentric, unstated',
  'sources.csv:11: velocity = "": must not be empty where the frame is given',
  'sources.csv:12: convention = "redshift": allowed are radio, opt, optical, rel, relativistic',
  expect.stringMatching(/^sources\.csv:13: source = .*ck_fixed_source__velocity_below_light/),
  expect.stringMatching(/^sources\.csv:14: category = "nebula": allowed are pointing, /),
  expect.stringMatching(/^sources\.csv:15: aliases = "OMC1": must be JSON: /),
  'sources.csv:16: name = "category": stands in sources.csv:14 already',
  'sources.csv:17: line = "cells,galactic_cloud,83.8": must have 9 cells, not 3',
  'sources.csv:18: name = "": must not be empty',
  'sources.csv:19: name = "Andr\uFFFD": must be in UTF-8; the file is perhaps in Windows-1252 or Latin-1',
  expect.stringMatching(/^tilings: file = tilings: cannot be read: ENOENT/),
];

describeEachDatabase('a folder full of issues', (database) => {
  let dataSource: DataSource;
  let report: string[];

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    const error = await initObsUnits(dataSource.manager, FOLDER).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidInputError);
    report = (error as InvalidInputError).message.split('\n');
  });

  it('is reported in one run, one line each, with file, line, column, value and what is allowed', () => {
    const [summary, ...lines] = report;
    expect(summary).toBe(`The folder ${FOLDER} has ${FAULTS.length} issues; nothing was written.`);
    for (const issue of FAULTS) expect(lines.map((line) => line.trim())).toContainEqual(issue);
    expect(lines).toHaveLength(FAULTS.length);
  });

  it('writes nothing, not even its sound rows', async () => {
    expect(await dataSource.manager.existsBy(FixedSource, { name: 'good source' })).toBe(false);
  });
});
