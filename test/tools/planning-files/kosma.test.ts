import { parseAngle } from '../../../src/tools/planning-files/angle.js';
import { KOSMA_COLUMNS, kosmaRecord } from '../../../src/tools/planning-files/kosma.js';

function read(line: string): Record<string, string> {
  const cells = kosmaRecord(line) ?? [];
  return Object.fromEntries(
    KOSMA_COLUMNS.map((column, index) => [column, cells[index] ?? '']).filter(([, text]) => text),
  );
}

describe('a line of a source catalogue', () => {
  it('has decimal hours after EQ and decimal degrees after GA', () => {
    expect(read('CloudA EQ 2000 5.5876 -5.375 LSR 9')).toEqual({
      name: 'CloudA',
      system: 'j2000',
      ra: '5.5876h',
      dec: '-5.375',
      velocity: '9',
      frame: 'LSR',
    });
    expect(parseAngle('5.5876h', 'hours')).toBeCloseTo(83.814, 6);
    expect(read('Plane1 GA 49.49 -0.39')).toEqual({ name: 'Plane1', glon: '49.49', glat: '-0.39' });
  });

  it('has aliases, and keywords in any order', () => {
    expect(
      read('B0415+379|3C111 EQ 1950.0 04:15:01.1 37:54:19 FLUX 3.73 1.00 HELIO -33 OPT PROJECT x1 ! note'),
    ).toEqual({
      name: 'B0415+379',
      aliases: '["3C111"]',
      system: 'b1950',
      ra: '04:15:01.1',
      dec: '37:54:19',
      velocity: '-33',
      frame: 'BARY',
      convention: 'OPT',
      note: 'flux 3.73 Jy, spectral index 1.00; project x1',
    });
    expect(read('Far EQ 2000 1:2:3 4:5:6 RED 2.5 MV 12')).toMatchObject({
      redshift: '2.5',
      note: 'magnitude MV 12',
    });
    expect(read('None EQ 2000 1:2:3 4:5:6 NUL 0')).not.toHaveProperty('velocity');
  });

  it.each([
    ['A EC 12.5 3', /ecliptic coordinates/],
    ['A HO 12.5 3', /horizontal coordinates/],
    ['A DA 12.5 3', /of the date/],
    ['A 3:22:59 47:21:19 LS -17.2', /has no system/],
    ['A EQ 1988.5 21:43:09.3 58:43:37', /the equinox 1988\.5/],
    ['A EQ 2000 3:22:59,0.1 47:21:19', /change with time/],
    ['A EQ 2000 3:22:59 47:21:19 EARTH 5', /frame of the Earth/],
    ['A EQ 2000 3:22:59 47:21:19 constructor 5', /constructor, which is no keyword/],
  ])('is refused by name: %s', (line, message) => {
    expect(() => kosmaRecord(line)).toThrow(message);
  });

  it('is not read from packed sexagesimal', () => {
    for (const text of ['000042.30', '-000005.3', '053514.5', '053514.5h', '+0000'])
      expect(() => parseAngle(text, 'hours')).toThrow(/written together/);
  });
});
