import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataProduct,
  DataProductPhysicalCopy,
  ExecutedReductionStep,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  ReductionSoftwareVersion,
  ReductionStep,
  ReductionStepDependency,
} from '../../../src/entities/index.js';
import { deletableCopies, transition } from '../../../src/lifecycle/index.js';
import { claim } from '../../../src/services/claiming/index.js';
import {
  collectOutputs,
  createRun,
  dimsOfKey,
  inputManifest,
  missingRuns,
  outputsOfFolders,
  readTool,
  registerVersion,
  runFolders,
  submissionOf,
  whereDims,
} from '../../../src/services/reduction/index.js';
import { dimsOf, keyOf } from '../../../src/services/reduction/sub-group-key.js';
import { recordCopies } from '../../../src/services/transfer/index.js';
import { describeEachDatabase, describePostgresql } from '../../support/databases.js';
import { locationId } from '../../support/observed.js';
import { observeNight } from './night.js';
import { addVersion, addWorkflow, complete } from './workflow.js';

describe('the key of a division', () => {
  const values = ['ECDFS', 'a/b', '..', '', null, 'x=y+z@w', '100%', '%41', 'ÉΩ 🔭', "it's (1)*", ' ', '~'];

  it.each(values)('with the value %p can be read back and names a folder', (value) => {
    const parts = [
      ['source', [value]],
      ['instrument_module', [value, 'Prime-Cam']],
      ['line_id', [null]],
    ] as const;
    const key = keyOf(parts);
    expect(dimsOfKey(key)).toEqual(dimsOf(parts));
    expect(dimsOfKey(key)).toMatchObject({ source: value || null, instrument: 'Prime-Cam', line_id: null });
    expect(key).toMatch(/^[-A-Za-z0-9._~%+=@]{1,255}$/);
  });

  it('is cut where it is too long for a folder, and still another one for each division', () => {
    const [one, two] = ['a', 'b'].map((end) => keyOf([['source', [`${'Ü'.repeat(100)}${end}`]]]));
    expect(one?.length).toBeLessThanOrEqual(255);
    expect(one).not.toBe(two);
    expect(one).toMatch(/^source=(%[0-9A-F]{2})+\+~[0-9a-f]{32}$/);
    expect(dimsOfKey(one as string)).toBeNull();
  });

  it('of one division is all, and has no dimensions', () => {
    expect(keyOf([])).toBe('all');
    expect(dimsOfKey('all')).toEqual({});
  });

  it.each(['', 'night 3', 'Source=x', 'source=x+', '=x'])('%p is no list of dimensions', (key) => {
    expect(dimsOfKey(key)).toBeNull();
  });

  it('is read where it was written by hand', () => {
    expect(dimsOfKey('source=ECDFS+instrument_module=280 GHz')).toEqual({
      source: 'ECDFS',
      instrument_module: '280 GHz',
    });
  });
});

describe('the folders of a run', () => {
  it('begin with the folder of all pipelines, with or without a slash at its end', () => {
    const place = { pipelineId: 3, subGroupKey: 'all', stepName: 'map', isFinal: true };
    for (const baseDir of ['/scratch', '/scratch/'])
      expect(runFolders({ ...place, baseDir }).onHost.logs).toBe('/scratch/3/all/logs');
  });
});

describe('what a run has written', () => {
  const run = { dims: {}, isFinal: true };

  it.each(['../etc/passwd', '/etc/passwd', 'science/../../x', '', 'science/..'])(
    'is refused at %p',
    (path) => {
      expect(() => outputsOfFolders([path], run)).toThrow(/below the output folder|must be the path/);
    },
  );
  it('is refused where a path stands twice', () => {
    expect(() => outputsOfFolders(['science/a', 'science//./a'], run)).toThrow(/stands twice/);
  });
  it('is left where it is in no folder, also in a file that has the name of one', () => {
    expect(outputsOfFolders(['science', 'Science/a', 'log/b'], run)).toMatchObject({
      products: [],
      left: ['science', 'Science/a', 'log/b'],
    });
  });
});

describe('the definition of a tool', () => {
  const hints = { 'ccat:Contract': { version: 1 } };
  const read = (output: object, more = {}) => readTool({ hints, outputs: { it: output }, ...more });

  it('is read with lists, full addresses and unions, too', () => {
    const term = (name: string) => `https://ccatobs.github.io/cwl/v1#${name}`;
    const tool = readTool({
      hints: [{ class: term('Contract'), version: 1 }],
      outputs: [{ id: '#flags', type: ['null', 'File'], [term('warnings')]: true, [term('role')]: 'log' }],
    });
    expect(tool.outputs).toMatchObject([{ name: 'flags', isOptional: true, warns: true, role: 'log' }]);
  });

  it.each([
    [{ type: 'File', 'ccat:rol': 'log' }, /no such term; the nearest is role/],
    [{ type: 'File', 'ccat:dims': { a: [1] } }, /must be a map of names/],
    [{ type: 'File', 'ccat:role': 'SCIENCE' }, /no such role; the nearest is science/],
    [{ type: 'File[]', 'ccat:manifest': true }, /a manifest is an output of type File/],
    [{ type: 'File', 'ccat:sink': { prometheus: 'x' } }, /must be { influx/],
    [{ type: 'File', 'ccat:sink': 'x' }, /must be { influx/],
    [{ type: 'File?', 'ccat:warnings': 'yes' }, /must be true or false/],
  ])('with %j is refused', (output, message) => {
    expect(() => read(output)).toThrow(message);
    expect(() => read(output)).toThrow(expect.objectContaining({ code: 'reduction_tool_invalid' }));
  });

  it.each([undefined, 0, 2, '1', null, 1.5])('of the contract version %p is refused', (version) => {
    const tool = { hints: { 'ccat:Contract': { version } }, outputs: {} };
    expect(() => readTool(tool)).toThrow(/unsupported contract version/i);
  });

  it('tells all issues at once', () => {
    const outputs = { a: { type: 'File', 'ccat:role': 'x' }, b: { type: 'File', 'ccat:warnings': true } };
    expect(() => readTool({ hints, outputs })).toThrow(/output a: .*\n.*output b: /);
  });
});

describeEachDatabase('the container contract', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
    await observeNight(dataSource);
  });

  const worker = 'collector';
  const look = () => ({ sizeBytes: 7 });

  /** A run that is ready to be collected. */
  async function ended(step: ReductionStep, exitCode = 0): Promise<string> {
    const [missing] = await missingRuns(manager, step);
    if (!missing) throw new Error('no run is missing');
    const { run } = await createRun(manager, missing);
    await claim(manager, ExecutedReductionStep, { limit: 1, worker, where: { id: run.id } });
    const steps = ['staging_data', 'submitted', 'running', 'collecting_results'] as const;
    for (const [index, to] of steps.slice(1).entries())
      await transition(manager, ExecutedReductionStep, run.id, {
        from: steps[index] ?? to,
        to,
        worker,
        set: to === 'collecting_results' ? { exitCode } : {},
      });
    return run.id;
  }

  const toolOf = (outputs: Record<string, unknown>) => ({
    class: 'CommandLineTool',
    hints: { 'ccat:Contract': { version: 1 } },
    outputs,
  });

  it('is refused at registration in another version, by the function and by the database', async () => {
    const { calibration } = await addWorkflow(manager);
    const { reductionSoftwareId } = calibration;
    const release = { reductionSoftwareId, version: '2', image: 'image:2' };
    await expect(registerVersion(manager, { ...release, contractVersion: 2 })).rejects.toMatchObject({
      code: 'reduction_contract_unsupported',
    });
    const tool = { ...toolOf({}), hints: { 'ccat:Contract': { version: 2 } } };
    await expect(registerVersion(manager, { ...release, tool })).rejects.toThrow(
      /unsupported contract version 2/i,
    );
    await expect(
      manager.insert(ReductionSoftwareVersion, { ...release, contractVersion: 2 }),
    ).rejects.toThrow();
    expect(await manager.countBy(ReductionSoftwareVersion, { reductionSoftwareId })).toBe(1);
  });

  it('is refused at submission in a version that a newer package has registered', async () => {
    const { calibration } = await addWorkflow(manager);
    const { reductionSoftwareId } = calibration;
    await registerVersion(manager, { reductionSoftwareId, version: '2', image: 'image:2', tool: toolOf({}) });
    const [missing] = await missingRuns(manager, calibration);
    const { run } = await createRun(manager, missing as NonNullable<typeof missing>);
    await expect(submissionOf(manager, run.id)).resolves.toMatchObject({ imageRef: expect.any(String) });
    const newer = new Error('undone');
    const trial = dataSource.transaction(async (nested) => {
      if (dataSource.options.type === 'postgres')
        await nested.query(
          'ALTER TABLE reduction_software_version DROP CONSTRAINT ck_reduction_software_version__contract_supported',
        );
      else await nested.query('PRAGMA ignore_check_constraints = ON');
      await nested.update(ReductionSoftwareVersion, run.reductionSoftwareVersionId, { contractVersion: 2 });
      for (const refused of [submissionOf, inputManifest])
        await expect(refused(nested, run.id)).rejects.toThrow(/unsupported contract version 2/i);
      throw newer;
    });
    await expect(trial).rejects.toBe(newer);
    if (dataSource.options.type !== 'postgres') await manager.query('PRAGMA ignore_check_constraints = OFF');
  });

  it('gives the image by its digest and the path of its file', async () => {
    const { calibration } = await addWorkflow(manager);
    const image = {
      image: 'ghcr.io/example/a:2',
      imageDigest: `sha256:${'1'.repeat(64)}`,
      sifPath: '/sif/a.sif',
      command: ['reduce', '--config', '/workflow/config/manifest.json'],
    };
    await addVersion(manager, calibration.reductionSoftwareId, '2', { ...image, releasedAt: new Date() });
    const [missing] = await missingRuns(manager, calibration);
    const { run } = await createRun(manager, missing as NonNullable<typeof missing>);
    expect(await submissionOf(manager, run.id)).toMatchObject({
      imageRef: `${image.image}@${image.imageDigest}`,
      sifPath: '/sif/a.sif',
      executionCommand: image.command,
    });
  });

  it('gives the command of the tool where the version has none, and else that of the image', async () => {
    const { calibration } = await addWorkflow(manager);
    const { reductionSoftwareId } = calibration;
    const [missing] = await missingRuns(manager, calibration);
    const { run } = await createRun(manager, missing as NonNullable<typeof missing>);
    const commandOf = async (tool: object | null) => {
      const set: object = { tool, contractVersion: tool && 1 };
      await manager.update(ReductionSoftwareVersion, { reductionSoftwareId }, set);
      return (await submissionOf(manager, run.id)).executionCommand;
    };
    const tool = toolOf({});
    expect(await commandOf(null)).toBeNull();
    expect(await commandOf(tool)).toBeNull();
    expect(await commandOf({ ...tool, baseCommand: 'reduce' })).toEqual(['reduce']);
    const command = { ...tool, baseCommand: ['python', '-m'], arguments: ['reduce', '-v'] };
    expect(await commandOf(command)).toEqual(['python', '-m', 'reduce', '-v']);
    // Only a runner of CWL can evaluate it.
    expect(await commandOf({ ...command, arguments: ['$(inputs.map.path)'] })).toBeNull();
    expect(await commandOf({ ...command, arguments: [{ prefix: '-o', valueFrom: 'x' }] })).toBeNull();
  });

  it('refuses raw data that are not at the processing location', async () => {
    const { calibration } = await addWorkflow(manager);
    const [missing] = await missingRuns(manager, calibration);
    const { run } = await createRun(manager, missing as NonNullable<typeof missing>);
    await expect(inputManifest(manager, run.id)).rejects.toMatchObject({ code: 'reduction_input_missing' });
  });

  it('files products with the dimensions of their run and their own, and completes with warnings', async () => {
    const { gridding, calibration } = await addWorkflow(manager);
    const tool = toolOf({
      map: { type: 'File', 'ccat:role': 'science', 'ccat:dims': { stokes: 'I', executed_obs_unit: 'all' } },
      series: { type: 'File', 'ccat:sink': { influx: 'net' } },
      flags: { type: 'File?', 'ccat:warnings': true, 'ccat:role': 'log' },
    });
    const { reductionSoftwareId } = gridding;
    const checksum = `sha256:${'a'.repeat(64)}`;
    await registerVersion(manager, {
      reductionSoftwareId,
      version: '2',
      image: 'image:2',
      tool,
      releasedAt: new Date(),
    });
    const id = await ended(calibration);
    const location = `file:///workflow/workspace/calibration/map.fits`;
    const collected = {
      map: { class: 'File', location, checksum },
      series: { path: 'net.csv' },
      flags: { path: 'flags.txt' },
    };
    const outputs = await collectOutputs(manager, id, { worker, collected, look });
    expect(outputs).toMatchObject({ sinks: [{ path: 'net.csv', influx: 'net' }], withWarnings: true });
    const run = await manager.findOneByOrFail(ExecutedReductionStep, { id });
    expect(run).toMatchObject({ status: 'completed', withWarnings: true });
    expect(run.dims).toEqual(dimsOfKey(run.subGroupKey));
    const products = await manager.find(DataProduct, {
      where: { executedReductionStepId: id },
      order: { relativePath: 'ASC' },
    });
    expect(products).toMatchObject([
      { relativePath: 'flags.txt', type: 'log', dims: run.dims, checksum: null },
      {
        relativePath: 'map.fits',
        type: 'science',
        dims: { stokes: 'I', executed_obs_unit: 'all' },
        sizeBytes: 7,
        checksum: 'a'.repeat(64),
        checksumAlgorithm: 'sha256',
      },
    ]);
    expect(
      await manager.countBy(DataProductPhysicalCopy, { dataProduct: { executedReductionStepId: id } }),
    ).toBe(2);
    expect(await collectOutputs(manager, id, { worker, collected, look })).toBeNull();
  });

  it('files nothing of a run that failed, and nothing that does not fit', async () => {
    const { calibration } = await addWorkflow(manager);
    const id = await ended(calibration, 3);
    const outputs = await collectOutputs(manager, id, { worker, paths: ['tod.h5'], look });
    expect(outputs).toMatchObject({ products: [], status: 'failed', error: 'exit code 3' });
    expect(await manager.findOneByOrFail(ExecutedReductionStep, { id })).toMatchObject({
      status: 'pending',
      lastError: 'exit code 3',
      retryCount: 1,
    });
    const other = await ended(calibration);
    await expect(collectOutputs(manager, other, { worker, paths: ['../x'], look })).rejects.toMatchObject({
      code: 'reduction_output_invalid',
    });
    const of = { executedReductionStepId: other };
    expect(await manager.countBy(DataProduct, of)).toBe(0);
  });

  it('finds products and runs by their dimensions', async () => {
    const { calibration } = await addWorkflow(manager);
    const id = await ended(calibration);
    await collectOutputs(manager, id, { worker, paths: ['a', 'b', 'c'], look });
    const products = await manager.findBy(DataProduct, { executedReductionStepId: id });
    const dims = [{ n: 1, s: '1', b: true }, { n: 1, s: 'x"y\'', b: false }, { n: 2.5 }];
    for (const [index, product] of products.entries())
      await manager.update(DataProduct, product.id, { dims: dims[index] });
    const count = (some: Record<string, string | number | boolean>) =>
      whereDims(
        manager.createQueryBuilder(DataProduct, 'p').where({ executedReductionStepId: id }),
        'p',
        some,
      ).getCount();
    expect(await count({})).toBe(3);
    expect(await count({ n: 1 })).toBe(2);
    expect(await count({ n: '1' })).toBe(0);
    expect(await count({ n: 1, b: true })).toBe(1);
    expect(await count({ b: 1 })).toBe(0);
    expect(await count({ s: 'x"y\'' })).toBe(1);
    expect(await count({ n: 2.5 })).toBe(1);
    expect(await count({ 'no"such$': 1 })).toBe(0);
    const { dims: ofRun } = await manager.findOneByOrFail(ExecutedReductionStep, { id });
    const runs = manager.createQueryBuilder(ExecutedReductionStep, 'run').where({ id });
    expect(await whereDims(runs, 'run', ofRun).getCount()).toBe(1);
  });

  describe('of a pipeline that is a graph', () => {
    /** A third step that reads what both others make. */
    async function addThird({ gridding }: { gridding: ReductionStep }): Promise<ReductionStep> {
      const { pipelineId, reductionSoftwareId, reductionStepConfigId } = gridding;
      const of = { pipelineId, reductionSoftwareId, reductionStepConfigId };
      const more = { name: 'combine', position: 3, groupBy: ['source'], cooldownSeconds: 0 };
      const { id } = await manager.save(ReductionStep, { ...of, ...more });
      for (const upstreamPosition of [1, 2])
        await manager.insert(ReductionStepDependency, { pipelineId, position: 3, upstreamPosition });
      return manager.findOneByOrFail(ReductionStep, { id });
    }

    /** As if archives had all packages, so that runs can make again what they made. */
    async function archiveAll(): Promise<void> {
      const dataLocationId = await locationId(manager, 'cologne', 'lta');
      const packages = await manager.find(RawDataPackage, { select: { id: true } });
      const copies = packages.map(({ id }) => ({ of: id }));
      await recordCopies(manager, RawDataPackagePhysicalCopy, { dataLocationId, copies, by: 'an archiver' });
    }

    async function runAll(step: ReductionStep): Promise<string[]> {
      const products: string[] = [];
      for (const missing of await missingRuns(manager, step))
        products.push(...(await complete(manager, (await createRun(manager, missing)).run, 'intermediate')));
      return products;
    }

    it('waits until each step before has products, and reads those of all', async () => {
      const workflow = await addWorkflow(manager);
      const third = await addThird(workflow);
      expect(await missingRuns(manager, third)).toEqual([]);
      const first = await runAll(workflow.calibration);
      const dataLocationId = await locationId(manager, 'cologne', 'ramses_processing');
      for (const dataProductId of first)
        await manager.insert(DataProductPhysicalCopy, { id: uuidv7(), dataProductId, dataLocationId });
      expect(await missingRuns(manager, third)).toEqual([]);
      const second = await runAll(workflow.gridding);
      const runs = await missingRuns(manager, third);
      expect(runs.flatMap(({ members }) => members.productIds ?? []).sort()).toEqual(
        [...first, ...second].sort(),
      );
    });

    it('refuses a circle, a step that reads itself, and a step of another pipeline', async () => {
      const [workflow, other] = [await addWorkflow(manager), await addWorkflow(manager)];
      await addThird(other);
      const { pipelineId } = workflow.gridding;
      for (const [position, upstreamPosition] of [
        [1, 2],
        [2, 2],
        [3, 1],
        [4, 3],
      ])
        await expect(
          manager.insert(ReductionStepDependency, { pipelineId, position, upstreamPosition }),
        ).rejects.toThrow();
    });

    it('refuses an order of the steps that would make a circle, and takes another', async () => {
      const { gridding, calibration } = await addWorkflow(manager);
      await expect(manager.update(ReductionStep, calibration.id, { position: 9 })).rejects.toThrow();
      await manager.update(ReductionStep, gridding.id, { position: 9 });
      const { pipelineId } = gridding;
      expect(await manager.findBy(ReductionStepDependency, { pipelineId })).toMatchObject([
        { position: 9, upstreamPosition: 1 },
      ]);
    });

    it('keeps intermediates until the last step that reads them has completed', async () => {
      const workflow = await addWorkflow(manager);
      const third = await addThird(workflow);
      const dataLocationId = await locationId(manager, 'cologne', 'ramses_processing');
      const copy = (dataProductId: string) =>
        manager.insert(DataProductPhysicalCopy, { id: uuidv7(), dataProductId, dataLocationId });
      const first = await runAll(workflow.calibration);
      for (const id of first) await copy(id);
      const deletable = async (ids: readonly string[]) => {
        const copies = await deletableCopies(manager, DataProductPhysicalCopy, {
          dataLocationId,
          limit: 100,
        });
        return copies.filter(({ dataProductId }) => ids.includes(dataProductId)).length;
      };
      expect(await deletable(first)).toBe(0);
      const second = await runAll(workflow.gridding);
      for (const id of second) await copy(id);
      expect(await deletable([...first, ...second])).toBe(0);
      await archiveAll();
      const last = await runAll(third);
      for (const id of last) await copy(id);
      expect(await deletable([...first, ...second])).toBe(first.length + second.length);
      // No step reads what the last one made.
      expect(await deletable(last)).toBe(last.length);
    });

    it('lets intermediates go that a newer run of their step has made anew', async () => {
      const { calibration } = await addWorkflow(manager);
      const dataLocationId = await locationId(manager, 'cologne', 'ramses_processing');
      const old = await runAll(calibration);
      for (const dataProductId of old)
        await manager.insert(DataProductPhysicalCopy, { id: uuidv7(), dataProductId, dataLocationId });
      await addVersion(manager, calibration.reductionSoftwareId, '2', { releasedAt: new Date() });
      await runAll(calibration);
      await archiveAll();
      const copies = await deletableCopies(manager, DataProductPhysicalCopy, { dataLocationId, limit: 100 });
      expect(copies.filter(({ dataProductId }) => old.includes(dataProductId))).toHaveLength(old.length);
    });
  });
});

describePostgresql('dimensions', (database) => {
  it.each([DataProduct, ExecutedReductionStep])('of %p are found through an index', async (entity) => {
    const dataSource = await database.open();
    await dataSource.transaction(async (manager) => {
      await manager.query('SET LOCAL enable_seqscan = off');
      const query = whereDims(manager.createQueryBuilder<object>(entity, 'it'), 'it', { source: 'ECDFS' });
      const [sql, parameters] = query.getQueryAndParameters();
      const plan = JSON.stringify(await manager.query(`EXPLAIN ${sql}`, parameters));
      expect(plan).toContain(`ix_${dataSource.getMetadata(entity).tableName}__dims`);
    });
  });
});
