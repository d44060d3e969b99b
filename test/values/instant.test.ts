import { DATE_PATTERN, INSTANT_PATTERN, isCalendarDate, parseInstant } from '../../src/values/instant.js';

const VALID: Readonly<Record<string, string>> = {
  '2026-11-24T03:00:00Z': '2026-11-24T03:00:00.000Z',
  '2026-11-24t03:00:00z': '2026-11-24T03:00:00.000Z',
  '2026-11-24T03:00:00.1Z': '2026-11-24T03:00:00.100Z',
  '2026-11-24T03:00:00.1239999Z': '2026-11-24T03:00:00.123Z',
  '2026-11-24T03:00:00+05:45': '2026-11-23T21:15:00.000Z',
  '2026-11-24T03:00:00-00:00': '2026-11-24T03:00:00.000Z',
  '2026-11-24T23:30:00-23:59': '2026-11-25T23:29:00.000Z',
  '2028-02-29T00:00:00Z': '2028-02-29T00:00:00.000Z',
  '2000-02-29T00:00:00Z': '2000-02-29T00:00:00.000Z',
  '0004-02-29T00:00:00Z': '0004-02-29T00:00:00.000Z',
  '0001-01-01T00:00:00Z': '0001-01-01T00:00:00.000Z',
  '0001-01-01T00:00:00-01:00': '0001-01-01T01:00:00.000Z',
  '9999-12-31T23:59:59.999+00:00': '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59.999+01:00': '9999-12-31T22:59:59.999Z',
  '0050-06-01T00:00:00Z': '0050-06-01T00:00:00.000Z',
};

const INVALID = [
  ...['', 'now', 'infinity', '2026-11-24', '2026-11-24T03:00Z', '2026-11-24 03:00:00Z', '20261124T030000Z'],
  ...[
    '2026-11-24T03:00:00',
    '2026-11-24T03:00:00+01',
    '2026-11-24T03:00:00+0100',
    '2026-11-24T03:00:00+24:00',
  ],
  ...['2026-11-24T03:00:00+01:60', '2026-11-24T24:00:00Z', '2026-11-24T23:60:00+00:01'],
  ...['2026-12-31T23:59:60Z', '2026-11-24T03:00:00.Z', '2026-11-24T03:00:00,5Z', '2026-11-24T03:00:00Z\n'],
  ...['2026-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2027-02-30T03:00:00Z', '2026-04-31T00:00:00Z'],
  ...['2026-00-01T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-00T00:00:00Z', '2026-01-32T00:00:00Z'],
  ...['0000-06-01T00:00:00Z', '+012345-01-01T00:00:00Z', '-000024-01-01T00:00:00Z', '12345-01-01T00:00:00Z'],
  ...['0001-01-01T00:00:00+01:00', '9999-12-31T23:59:59.999-01:00', ' 2026-11-24T03:00:00Z'],
  ...['２０２６-11-24T03:00:00Z', '2026-11-24T03:00:00−01:00'],
];

describe('an instant as text', () => {
  test.each(Object.entries(VALID))('%s is read as %s', (text, instant) => {
    expect(parseInstant(text)?.toISOString()).toBe(instant);
  });

  test.each(INVALID)('%j is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test.each([...Object.keys(VALID), ...INVALID])(
    '%j is to the pattern of the schemas what it is here',
    (text) => {
      expect(new RegExp(INSTANT_PATTERN, 'u').test(text)).toBe(text in VALID);
    },
  );
});

describe('a date as text', () => {
  test('is one for each day of the calendar, and for no other', () => {
    const pattern = new RegExp(DATE_PATTERN, 'u');
    for (const year of ['0001', '0100', '0400', '1900', '2000', '2026', '2028', '9999'])
      for (let month = 0; month <= 13; month += 1)
        for (let day = 0; day <= 32; day += 1) {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          const midnight = new Date(`${text}T00:00:00.000Z`);
          const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
          expect([text, isCalendarDate(text), pattern.test(text)]).toEqual([text, isDay, isDay]);
        }
  });

  test.each([
    '0000-01-01',
    '2026-1-5',
    '20261124',
    'today',
    'infinity',
    '2026-11-24T00:00:00Z',
    '2026-11-24\n',
  ])('%j is none', (text) => {
    expect(isCalendarDate(text)).toBe(false);
  });
});
