import { AngleError, parseAngle, type SexagesimalUnit } from '../../../src/tools/planning-files/angle.js';

const written: readonly [text: string, unit: SexagesimalUnit, degrees: number][] = [
  ['83.810417', 'hours', 83.810417],
  ['5.5h', 'hours', 82.5],
  ['05:35:14.5', 'hours', 83.81041666666667],
  ['05 35 14.5', 'hours', 83.81041666666667],
  ['5h35m14.5s', 'hours', 83.81041666666667],
  ['5h 35m 14.5s', 'hours', 83.81041666666667],
  ['83d48m37.5s', 'hours', 83.81041666666667],
  ['05:35', 'hours', 83.75],
  ['05:35.5', 'hours', 83.875],
  ['-05:22:30', 'degrees', -5.375],
  ['- 5 22 30', 'degrees', -5.375],
  ['-5°22′30″', 'degrees', -5.375],
  ["-5d22'30''", 'degrees', -5.375],
  ['\u22125.375', 'degrees', -5.375],
  ['-00:30:00', 'degrees', -0.5],
  ['+61 38 57', 'degrees', 61.649166666666666],
  ['34deg15', 'degrees', 34.25],
  ['.5', 'degrees', 0.5],
];

const refused: readonly [text: string, unit: SexagesimalUnit, reason: RegExp][] = [
  ['', 'hours', /must be an angle such as/],
  ['five', 'degrees', /must be an angle such as/],
  ['1e2', 'degrees', /must be an angle such as/],
  ['05:61:00', 'hours', /below 60/],
  ['05:35:60', 'hours', /below 60/],
  ['05:35.5:10', 'hours', /whole minutes/],
  ['5h22m30s', 'degrees', /not in hours/],
  ['5.5h', 'degrees', /not in hours/],
  ['05:35:14.5:3', 'hours', /must be an angle such as/],
];

describe('an angle', () => {
  it.each(written)('%s in %s is read', (text, unit, degrees) => {
    expect(parseAngle(text, unit)).toBeCloseTo(degrees, 12);
  });

  it.each(refused)('%p in %s is refused with what is allowed', (text, unit, reason) => {
    expect(() => parseAngle(text, unit)).toThrow(AngleError);
    expect(() => parseAngle(text, unit)).toThrow(reason);
  });
});
