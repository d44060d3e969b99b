import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { RawDataFile } from '../../../src/entities/index.js';
import { createRun, lineageOf, missingRuns, productsOf } from '../../../src/services/reduction/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { type Name, type Night, observeNight } from './night.js';
import { addWorkflow, complete, keepProducts, type Workflow } from './workflow.js';

const sorted = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();

describeEachDatabase('the lineage of a product', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let night: Night;
  let workflow: Workflow;
  /** Products by the key of their division. */
  const calibrated = new Map<string, string>();
  const gridded = new Map<string, string>();

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
    night = await observeNight(dataSource);
    workflow = await addWorkflow(manager);
    for (const [step, products] of [
      [workflow.calibration, calibrated],
      [workflow.gridding, gridded],
    ] as const)
      for (const missing of await missingRuns(manager, step)) {
        const { run } = await createRun(manager, missing);
        const [product] = await complete(manager, run, 'science');
        products.set(missing.subGroupKey, product as string);
        await keepProducts(manager);
      }
  });

  const calibratedOf = async (name: Name) => {
    const { executedObsUnitId } = await manager.findOneByOrFail(RawDataFile, { id: night.files[name] });
    return calibrated.get(`executed_obs_unit=${executedObsUnitId}`) as string;
  };
  const trace = async (id: string) => {
    const { products, packages, files } = lineageOf(manager, id);
    return {
      products: sorted(await products.getMany()),
      packages: night.names(sorted(await packages.getMany())),
      files: sorted(await files.getMany()),
    };
  };
  const filesOf = (...names: Name[]) => names.map((name) => night.files[name]).sort();

  it('leads from the first step to packages and files', async () => {
    expect(await trace(await calibratedOf('orion'))).toEqual({
      products: [],
      packages: ['orion', 'orionHigh'],
      files: filesOf('orion', 'orionHigh'),
    });
  });

  it('leads through the products of earlier steps', async () => {
    expect(await trace(gridded.get('source=N159') as string)).toEqual({
      products: [await calibratedOf('n159')],
      packages: ['n159'],
      files: filesOf('n159'),
    });
  });

  it('names what is reached on several ways once', async () => {
    const { run } = await createRun(manager, {
      step: workflow.gridding,
      subGroupKey: 'all',
      version: (await missingRuns(manager, (await addWorkflow(manager)).calibration))[0]?.version as never,
      members: {
        packageIds: [night.packages.orion, night.packages.pointing],
        productIds: [...gridded.values(), await calibratedOf('orion')],
      },
    });
    const [mosaic] = await complete(manager, run, 'science');
    expect(await trace(mosaic as string)).toEqual({
      products: [...calibrated.values(), ...gridded.values()].sort(),
      packages: ['n159', 'orion', 'orionHigh', 'pointing'],
      files: filesOf('n159', 'orion', 'orionHigh', 'pointing'),
    });
    expect(sorted(await productsOf(manager, night.files.pointing).getMany())).toEqual([mosaic]);
    expect(await productsOf(manager, night.files.orion).getCount()).toBe(3);
  });

  it('can be counted and narrowed like any query', async () => {
    const { files } = lineageOf(manager, await calibratedOf('orion'));
    expect(await files.getCount()).toBe(2);
    expect(await files.andWhere('file.id = :id', { id: night.files.orion }).getCount()).toBe(1);
  });

  it('leads from a file to the products of all steps', async () => {
    const expected = [await calibratedOf('n159'), gridded.get('source=N159')];
    for (const id of [night.files.n159, night.files.n159.toUpperCase()]) {
      const products = sorted(await productsOf(manager, id).getMany());
      expect(products).toEqual(expect.arrayContaining(expected));
      expect(products).not.toContain(gridded.get('source=Orion-KL'));
    }
  });

  it('does not depend on the case of the digits', async () => {
    const id = await calibratedOf('n159');
    expect(await trace(id.toUpperCase())).toEqual(await trace(id));
    expect((await trace(id)).packages).toEqual(['n159']);
  });

  it('is empty for a product and a file that are not known', async () => {
    expect(await trace(uuidv7())).toEqual({ products: [], packages: [], files: [] });
    expect(await productsOf(manager, uuidv7()).getMany()).toEqual([]);
  });

  it('is empty for a file that is not packaged', async () => {
    const file = await manager.findOneByOrFail(RawDataFile, { id: night.files.n159 });
    const id = uuidv7();
    const unpackaged = { ...file, id, relativePath: id, rawDataPackageId: null };
    await manager.insert(RawDataFile, unpackaged as object);
    expect(await productsOf(manager, id).getMany()).toEqual([]);
  });

  it('does not end up in a circle', async () => {
    const [first, second] = [...calibrated.values()];
    const runOf = (id: string | undefined) =>
      `(SELECT r.input_set_id FROM data_product p JOIN executed_reduction_step r ON r.id = p.executed_reduction_step_id WHERE p.id = '${id}')`;
    for (const [from, to] of [
      [first, second],
      [second, first],
    ])
      await dataSource.query(
        `INSERT INTO input_set_member (id, input_set_id, data_product_id) VALUES ('${uuidv7()}', ${runOf(from)}, '${to}')`,
      );
    expect((await trace(first as string)).packages).toEqual(['n159', 'orion', 'orionHigh']);
    expect((await productsOf(manager, night.files.n159).getMany()).length).toBeGreaterThan(1);
  });
});
