import { FixedSource, ObservingProgram, TimeAllocation } from '../../../src/entities/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { environmentOf } from '../../support/opsdb.js';
import { wholeProgram } from '../../support/program.js';

/** Runs a command in this process. @returns what it prints */
async function opsdb(...words: string[]): Promise<string> {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.spyOn(console, 'error').mockReturnValue();
  try {
    await wholeProgram().parseAsync(words, { from: 'user' });
    return write.mock.calls.map(([part]) => part).join('');
  } finally {
    jest.restoreAllMocks();
  }
}

const asJson = async (...words: string[]) => JSON.parse(await opsdb(...words, '--json'));

describeEachDatabase('an observer at the command line', (database) => {
  const before = { ...process.env };

  beforeAll(async () => {
    const options = await database.create('night');
    Object.assign(process.env, environmentOf(options));
    const { manager } = await database.open(options);
    const { id: observingProgramId } = await manager.findOneByOrFail(ObservingProgram, { shortName: 'GEco' });
    const period = { period: '2026B', firstNight: '2026-11-29', lastNight: '2026-12-01' };
    await manager.insert(TimeAllocation, { observingProgramId, ...period, hours: 10 });
    const place = { raDeg: 0, decDeg: 89.9, category: 'galaxy' } as const;
    await manager.save(FixedSource, { name: 'Polar', aliases: ['North 1'], ...place });
  }, 60_000);
  afterAll(() => {
    process.env = before;
  });

  const names = async (...words: string[]) =>
    (await asJson('find', ...words)).map(({ source }: { source: { name: string } }) => source.name);

  it('finds a source by name or alias, whatever the blanks and capitals', async () => {
    expect(await names('orion-KL')).toEqual(['Orion-KL']);
    expect(await names('m 78')).toEqual(['NGC2068']);
    await expect(opsdb('find', 'M 777')).rejects.toMatchObject({ code: 'nothing_found' });
  });

  it('finds what is around a position, in hours or degrees, fields with their extent', async () => {
    const near = await names('05:35:14.5 -05:22:30', '30arcmin');
    expect(near).toEqual(expect.arrayContaining(['OrionA', 'Orion-KL']));
    expect((await names('83.810417 -5.375', '0.5deg')).sort()).toEqual([...near].sort());
    expect(await names('12:00:00 +89:54:00', '15arcmin')).toEqual(['Polar']);
    expect(await opsdb('find', '180 -89.9', '1arcsec')).toContain('No source is there.');
    await expect(opsdb('find', 'M42', '1deg')).rejects.toThrow('is none');
    await expect(opsdb('find', '05:61:00 -05:22:30')).rejects.toThrow('below 60');
  });

  it('sees when a unit can be observed, as a table and a plot', async () => {
    const unit = ['visibility', 'Orion-KL/otf/CO43', '--night', '2026-11-30'];
    const { intervals, from, to } = await asJson(...unit);
    expect([from, to]).toEqual(['2026-11-30T15:00:00.000Z', '2026-12-01T15:00:00.000Z']);
    expect(intervals[0]).toMatchObject({ endBy: 'elevation_min', startElevationDeg: expect.any(Number) });
    const shown = await opsdb(...unit);
    expect(shown).toContain('elevation_min');
    expect(shown.split('\n').length).toBeGreaterThan(10);
  });

  it('sees the hours of a night and of a period with allocations', async () => {
    const { nights } = await asJson('hours', '2026-11-30');
    const [{ chargedS, lostS, overheadS, idleS, lengthS }] = nights;
    expect(chargedS + lostS + overheadS + idleS).toBe(lengthS);
    const account = await asJson('hours', '2026B', '--program', 'GEco');
    expect(account.nights).toHaveLength(3);
    expect(account.allocations).toMatchObject([{ program: 'GEco', allocatedH: 10 }]);
    expect(await opsdb('hours', '2026B')).toContain('remaining h');
    await expect(opsdb('hours', '2027Z')).rejects.toMatchObject({ code: 'nothing_found' });
  });
});
