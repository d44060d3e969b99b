import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ang2pix_ring } from '@hscmap/healpix';
import type { DataSource } from 'typeorm';
import { NSIDE } from '../../../src/database/sky-cell.js';
import {
  ConstantElevationSource,
  ExecutedObsUnit,
  FixedSource,
  OffsetFrame,
  RawDataPackage,
  SolarSystemObject,
  Source,
  SourceName,
} from '../../../src/entities/index.js';
import { packageRoot } from '../../../src/package-root.js';
import { cellsOfCone } from '../../../src/services/sky/cover.js';
import { angleBetween, directionOf } from '../../../src/services/sky/direction.js';
import { distanceFromField, type FieldExtent } from '../../../src/services/sky/field.js';
import {
  findSource,
  notePositions,
  packagesWithin,
  productsWithin,
  sourcesWithin,
} from '../../../src/services/sky/index.js';
import { ObsCore } from '../../../src/views/index.js';
import { describeEachDatabase } from '../../support/databases.js';

interface ConeVector {
  readonly ra_deg: number;
  readonly dec_deg: number;
  readonly radius_deg: number;
  readonly found: readonly { readonly name: string; readonly distance_deg: number }[];
}

const FILE = path.join(packageRoot(), 'test', 'services', 'sky', 'vectors', 'cone-vectors.jsonl');
const vectors: readonly ConeVector[] = readFileSync(FILE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

/** Places all over the sky, and where cells are odd: near the poles, beside right ascension 0, the edges of the caps. */
const [IN_BELT_DEG, IN_CAP_DEG] = [41.81, 41.811];
const PLACES: readonly [raDeg: number, decDeg: number][] = [
  ...[0.0007, 45.3, 90.2, 180.1, 270.4, 359.999999].flatMap((ra) =>
    [
      -89.9999,
      -89.99,
      -IN_CAP_DEG,
      -IN_BELT_DEG,
      -30.1,
      0.05,
      30.1,
      IN_BELT_DEG,
      IN_CAP_DEG,
      89.99,
      89.9999,
    ].map((dec): [number, number] => [ra, dec]),
  ),
  ...Array.from({ length: 150 }, (_, index): [number, number] => [
    (index * 137.508 + 0.01) % 360,
    (Math.asin((index * 2 + 1) / 150 - 1) * 180) / Math.PI,
  ]),
];

describeEachDatabase('sources in a cone', (database) => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
  });

  it('are those of the vectors', async () => {
    expect(vectors).toHaveLength(50);
    for (const { ra_deg: raDeg, dec_deg: decDeg, radius_deg: radiusDeg, found } of vectors) {
      const within = await sourcesWithin(dataSource.manager, { raDeg, decDeg, radiusDeg });
      const fixed = within.filter(({ source }) => source instanceof FixedSource);
      expect(fixed.map(({ source }) => source.name)).toEqual(found.map(({ name }) => name));
      fixed.forEach(({ distanceDeg }, index) => {
        expect(distanceDeg).toBeCloseTo(found[index]?.distance_deg ?? Number.NaN, 6);
      });
    }
  });

  it('have the cells of HEALPix, whoever writes them', async () => {
    await dataSource.manager.transaction(async (manager) => {
      const rows = PLACES.map(
        ([ra, dec], index) => `('fixed_source', 'place ${index}', '[]', 'galaxy', ${ra}, ${dec}, ${index})`,
      );
      await manager.query(
        `INSERT INTO source (type, name, aliases, category, ra_deg, dec_deg, sky_cell) VALUES ${rows.join(', ')}`,
      );
      const stored = await manager.find(FixedSource, { where: { category: 'galaxy' } });
      const places = stored.filter(({ name }) => name.startsWith('place '));
      expect(places).toHaveLength(PLACES.length);
      for (const { raDeg, decDeg, skyCell } of places) {
        const theta = ((90 - decDeg) * Math.PI) / 180;
        const cell = ang2pix_ring(NSIDE, theta, (raDeg * Math.PI) / 180);
        expect([raDeg, decDeg, skyCell]).toEqual([raDeg, decDeg, cell]);
      }
      await manager.query(`UPDATE source SET sky_cell = 5 WHERE name = 'place 1'`);
      await manager.query(`UPDATE source SET ra_deg = 10, dec_deg = 10 WHERE name = 'place 2'`);
      const cellOf = async (name: string) => (await manager.findOneByOrFail(FixedSource, { name })).skyCell;
      expect(await cellOf('place 1')).toBe(places.find(({ name }) => name === 'place 1')?.skyCell);
      expect(await cellOf('place 2')).not.toBe(places.find(({ name }) => name === 'place 2')?.skyCell);
      for (const [raDeg, decDeg] of [...PLACES, [0, 90], [0, -90]] as const)
        for (const radiusDeg of [0, 0.01, 1, 20]) {
          const all = places.filter(
            (one) =>
              angleBetween(directionOf(one.raDeg, one.decDeg), directionOf(raDeg, decDeg)) <= radiusDeg,
          );
          const ranges = cellsOfCone(raDeg, decDeg, radiusDeg);
          const missing = all.filter(
            ({ skyCell }) =>
              !ranges.some(([first, last]) => first <= (skyCell ?? -1) && (skyCell ?? -1) <= last),
          );
          expect(missing.map(({ name }) => name)).toEqual([]);
        }
    });
  }, 60_000);

  it.each([
    [{ raDeg: -1, decDeg: 0, radiusDeg: 1 }, 'raDeg is -1'],
    [{ raDeg: 0, decDeg: 91, radiusDeg: 1 }, 'decDeg is 91'],
    [{ raDeg: 0, decDeg: 0, radiusDeg: 181 }, 'radiusDeg is 181'],
  ])('are not looked for in %j', async (cone, message) => {
    await expect(sourcesWithin(dataSource.manager, cone)).rejects.toMatchObject({
      code: 'value_invalid',
      message: expect.stringContaining(message),
    });
  });

  it('are found by name and alias, whatever the blanks and capitals', async () => {
    const { manager } = dataSource;
    expect((await findSource(manager, 'ORION - kl')).name).toBe('Orion-KL');
    expect((await findSource(manager, 'm 78')).name).toBe('NGC2068');
    await expect(findSource(manager, 'M 777')).rejects.toMatchObject({
      code: 'nothing_found',
      message: expect.stringContaining('nearest'),
    });
  });

  it('share no name or alias', async () => {
    const { manager } = dataSource;
    const place = { category: 'galaxy', raDeg: 1, decDeg: 1 } as const;
    const refused = async (work: () => Promise<unknown>) =>
      manager.transaction(work).then(
        () => 'taken',
        (error: Error) => /source_name/.test(error.message),
      );
    expect(await refused(() => manager.save(FixedSource, { name: 'New', aliases: ['m78'], ...place }))).toBe(
      true,
    );
    expect(await refused(() => manager.save(FixedSource, { name: 'orion - KL', ...place }))).toBe(true);
    expect(await refused(() => manager.update(Source, { name: 'M8' }, { aliases: ['Orion-kl'] }))).toBe(true);
    const sql = `INSERT INTO source (type, name, aliases, category, ra_deg, dec_deg) VALUES ('fixed_source', 'X', '["M 78"]', 'galaxy', 1, 1)`;
    expect(await refused(() => manager.query(sql))).toBe(true);
    const { id } = await manager.save(FixedSource, { name: 'New', aliases: ['NEW', 'other'], ...place });
    await manager.update(Source, { id }, { name: 'Newer', aliases: ['m 9999'] });
    const names = await manager.find(SourceName, { where: { sourceId: id }, order: { name: 'ASC' } });
    expect(names.map(({ name }) => name)).toEqual(['m9999', 'newer']);
    await manager.delete(Source, { id });
    expect(await manager.countBy(SourceName, { name: 'newer' })).toBe(0);
  });
});

describe('the distance from a field', () => {
  const field = (part: Partial<FieldExtent>): FieldExtent =>
    Object.assign(new ConstantElevationSource(), {
      fieldShape: 'rectangle',
      centerRaDeg: 0,
      centerDecDeg: 0,
      widthDeg: 4,
      heightDeg: 2,
      fieldFrame: OffsetFrame.EQUATORIAL,
      rotationDeg: null,
      ...part,
    });
  const at = (raDeg: number, decDeg: number) => ({ raDeg, decDeg });

  it.each([
    ['within', at(359, 0.9), field({}), 0],
    ['east of the edge', at(3, 0), field({}), 1],
    ['north of the edge', at(0, 2.5), field({}), 1.5],
    ['a circle', at(5, 0), field({ fieldShape: 'circle', widthDeg: 4 }), 3],
    ['a range of declination', at(200, 10), field({ fieldShape: 'declination_range', heightDeg: 2 }), 9],
    ['turned by a quarter', at(0, 1.9), field({ rotationDeg: 90 }), 0],
    ['turned by a quarter, outside', at(3, 0), field({ rotationDeg: 90 }), 2],
    ['over the pole', at(180, 89.5), field({ centerDecDeg: 89 }), 0.5],
    ['over the pole, within', at(180, 89.5), field({ centerDecDeg: 89, heightDeg: 4 }), 0],
    ['on the pole', at(90, 88.5), field({ centerDecDeg: 90, widthDeg: 2 }), 0.5],
    ['on the southern pole, within', at(270, -89.2), field({ centerDecDeg: -90, widthDeg: 2 }), 0],
    ['around right ascension 0', at(1, 0), field({ centerRaDeg: 358 }), 1],
    ['without a place', at(0, 0), field({ centerRaDeg: null, centerDecDeg: null }), undefined],
  ])('%s', (_, place, one, distanceDeg) => {
    const found = distanceFromField(place, one);
    if (distanceDeg === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(distanceDeg, 5);
  });
});

describeEachDatabase('data in a cone', (database) => {
  it('are those of its sources, and of targets that were there', async () => {
    const { manager } = await database.open(await database.create('night'));
    const whole = { raDeg: 0, decDeg: 0, radiusDeg: 180 };
    const packages = await packagesWithin(manager, whole);
    const fixed = packages.filter(({ source }) => source instanceof FixedSource);
    expect(fixed.length).toBeGreaterThan(0);
    for (const { package: one, source, distanceDeg } of fixed) {
      const { raDeg, decDeg } = source as FixedSource;
      const [near] = await packagesWithin(manager, { raDeg, decDeg, radiusDeg: 0 });
      expect(near?.source.id).toBe(source.id);
      expect(distanceDeg).toBeCloseTo(angleBetween(directionOf(0, 0), directionOf(raDeg, decDeg)), 6);
      const { executedObsUnitId } = await manager.findOneByOrFail(RawDataPackage, { id: one.id });
      const execution = await manager.findOneOrFail(ExecutedObsUnit, {
        where: { id: executedObsUnitId ?? '' },
        relations: { obsUnit: true },
      });
      expect(execution.obsUnit?.sourceId).toBe(source.id);
    }
    expect((await productsWithin(manager, whole)).length).toBeGreaterThan(0);
    const moving = await manager.findOneOrFail(ExecutedObsUnit, {
      where: { obsUnit: { source: { type: 'solar_system_object' } } },
    });
    await manager.update(ExecutedObsUnit, { id: moving.id }, { raDeg: null, decDeg: null });
    expect(await notePositions(manager)).toBe(1);
    expect(await notePositions(manager)).toBe(0);
    const noted = await manager.findOneByOrFail(ExecutedObsUnit, { id: moving.id });
    expect(noted.raDeg).toBeCloseTo(moving.raDeg ?? Number.NaN, 6);
    expect(noted.decDeg).toBeCloseTo(moving.decDeg ?? Number.NaN, 6);
    const given = await manager.findBy(ObsCore, { obsId: moving.id });
    expect(given.length).toBeGreaterThan(0);
    for (const { sRa, sDec } of given) {
      expect(sRa).toBeCloseTo(noted.raDeg ?? Number.NaN, 6);
      expect(sDec).toBeCloseTo(noted.decDeg ?? Number.NaN, 6);
    }
    await manager.update(ExecutedObsUnit, { id: moving.id }, { raDeg: 10, decDeg: -89.5 });
    const [found] = await packagesWithin(manager, { raDeg: 190, decDeg: -90, radiusDeg: 0.6 });
    expect(found?.source).toBeInstanceOf(SolarSystemObject);
    expect(found?.distanceDeg).toBeCloseTo(0.5, 6);
  }, 60_000);
});
