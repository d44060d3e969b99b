import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DataProductPhysicalCopy } from '../../src/entities/index.js';
import { ObsCore, viewColumns } from '../../src/views/index.js';
import { describeEachDatabase, describePostgresql } from '../support/databases.js';
import { locationId } from '../support/observed.js';
import { archive, reduceTogether } from './holdings.js';
import { MANDATORY, PRODUCT_TYPES, SUBTYPE } from './standard.js';

/** The rules have the names that the stage OBS of the IVOA's validator taplint reports them by. */
describe('the columns of the view obey the rule', () => {
  const columns = viewColumns(ObsCore);
  const standard = [...MANDATORY, SUBTYPE];
  const found = standard.map(({ name }) => columns.find((column) => column.name === name));

  it('E_OCOL: no required column is missing', () => {
    expect(columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(MANDATORY.map(({ name }) => name)),
    );
  });
  it('E_CUTP: each has its utype', () => {
    expect(found.map((column) => column?.utype)).toEqual(standard.map(({ utype }) => utype));
  });
  it('E_CUCD: each has its UCD', () => {
    expect(found.map((column) => column?.ucd)).toEqual(standard.map(({ ucd }) => ucd));
  });
  it('E_CUNI: each has its unit', () => {
    expect(found.map((column) => column?.unit)).toEqual(standard.map(({ unit }) => unit));
  });
});

describePostgresql('the columns of the view obey the rule', (database) => {
  it('E_TYPX, W_TYPI: each has its type', async () => {
    const dataSource = await database.open();
    const found: { name: string; type: string }[] = await dataSource.query(
      `SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = 'obscore'`,
    );
    const types = new Map(found.map(({ name, type }) => [name, type]));
    expect([...MANDATORY, SUBTYPE].map(({ name }) => [name, types.get(name)])).toEqual(
      [...MANDATORY, SUBTYPE].map(({ name, type }) => [name, type]),
    );
  });
});

describeEachDatabase('the rows of the view obey the rule', (database) => {
  let dataSource: DataSource;
  const select = (what: string, where: string) =>
    dataSource.query(`SELECT ${what} FROM obscore WHERE ${where}`);

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    const { manager } = dataSource;
    await archive(manager, 'Orion-KL/otf/CI10+CO76', 'CHAI/LFA');
    await archive(manager, 'Orion-KL/otf/CI10+CO76', 'CHAI/HFA');
    // Of another program, so that the product of all has no program that they have in common.
    await archive(manager, 'PKS0537/cross_scan/CHAI', 'CHAI/LFA');
    const dataLocationId = await locationId(manager, 'cologne', 'ramses_processing');
    for (const dataProductId of await reduceTogether(manager, 2))
      await manager.insert(DataProductPhysicalCopy, { id: uuidv7(), dataProductId, dataLocationId });
    expect(await manager.countBy(ObsCore, { dataproductSubtype: 'science' })).toBe(2);
    expect(await manager.countBy(ObsCore, { dataproductSubtype: 'raw' })).toBe(3);
  });

  it.each(['calib_level', 'obs_collection', 'obs_id', 'obs_publisher_did'])(
    'E_HNUL: %s is never null',
    async (name) => {
      expect(await select(name, `${name} IS NULL`)).toEqual([]);
    },
  );
  it('no column whose comment does not say what null means is null', async () => {
    const never = viewColumns(ObsCore).filter((column) => column.null === undefined);
    expect(never).not.toEqual([]);
    for (const { name } of never) expect([name, await select(name, `${name} IS NULL`)]).toEqual([name, []]);
  });
  it('E_RANG: calib_level is from 0 to 4', async () => {
    expect(await select('calib_level', 'calib_level NOT BETWEEN 0 AND 4')).toEqual([]);
  });
  it('E_ILOP: dataproduct_type is one of those of the standard', async () => {
    const allowed = PRODUCT_TYPES.map((type) => `'${type}'`).join(', ');
    expect(await select('dataproduct_type', `dataproduct_type NOT IN (${allowed})`)).toEqual([]);
  });
  it('one key of the publisher for each row', async () => {
    const rows = await select('obs_publisher_did AS did', '1 = 1');
    expect(new Set(rows.map(({ did }: { did: string }) => did)).size).toBe(5);
  });
});
