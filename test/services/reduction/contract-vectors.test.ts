import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataGrouping,
  DataProduct,
  DataProductPhysicalCopy,
  type DataProductType,
  type Dims,
  ExecutedReductionStep,
  InputSet,
  InputSetMember,
  Pipeline,
  RawDataFilePhysicalCopy,
  ReductionSoftware,
  ReductionSoftwareVersion,
  ReductionStep,
  ReductionStepConfig,
  ReductionStepDependency,
} from '../../../src/entities/index.js';
import { packageRoot } from '../../../src/package-root.js';
import { fileRawDataFiles, fileRawDataPackage } from '../../../src/services/filing/index.js';
import {
  contentHash,
  inputManifest,
  type Outputs,
  outputsOfFolders,
  outputsOfTool,
  readTool,
  runFolders,
  submissionOf,
} from '../../../src/services/reduction/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { locationId, observe } from '../../support/observed.js';

interface Named {
  readonly id: string;
}

interface OutputCase extends Named {
  readonly how: 'folders' | 'cwl';
  readonly contract?: number;
  readonly run?: { readonly dims: Dims; readonly is_final: boolean; readonly exit_code?: number };
  readonly files?: string[];
  readonly tool_outputs?: Record<string, unknown>;
  readonly collected?: Record<string, unknown>;
  readonly output_manifest?: unknown;
  readonly products?: { relative_path: string; role: DataProductType; dims: Dims }[];
  readonly sinks?: unknown[];
  readonly left?: string[];
  readonly run_status?: string;
  readonly with_warnings?: boolean;
  readonly refused?: string;
}

interface ManifestCase extends Named {
  readonly pipeline: { readonly id: number; readonly name: string };
  readonly step: {
    readonly name: string;
    readonly position: number;
    readonly upstream: string | null;
    readonly is_final: boolean;
    readonly config: {
      readonly parameters: Record<string, unknown>;
      readonly environment: Record<string, string>;
      readonly cpu_count: number;
      readonly memory_gb: number;
      readonly time_limit_h: number;
    };
  };
  readonly software: { readonly name: string; version: string; image: string; image_digest: string };
  readonly run: { readonly id: string; readonly sub_group_key: string; readonly dims: Dims };
  readonly packages: { readonly id: string; readonly files: string[] }[];
  readonly products?: {
    readonly id: string;
    readonly run_id: string;
    readonly step: string;
    readonly role: DataProductType;
    readonly relative_path: string;
    readonly dims: Dims;
  }[];
  readonly folders: {
    readonly input: string;
    readonly workspace: string;
    readonly output_dir: string;
    readonly manifest: string;
    readonly on_host?: Record<string, string>;
  };
  readonly environment: Record<string, string>;
  readonly manifest: unknown;
}

function casesOf<C extends Named>(file: string): C[] {
  const text = readFileSync(path.join(packageRoot(), 'test/services/reduction/vectors', file), 'utf8');
  return JSON.parse(text).cases;
}

function outputsOf({ how, contract, run, files, ...given }: OutputCase): Outputs {
  const ended = {
    dims: run?.dims ?? {},
    isFinal: run?.is_final ?? true,
    exitCode: run?.exit_code,
  };
  if (how === 'folders') return outputsOfFolders(files ?? [], ended);
  const hints = { 'ccat:Contract': { version: contract } };
  const tool = readTool({ class: 'CommandLineTool', hints, outputs: given.tool_outputs });
  const readManifest = () => given.output_manifest;
  return outputsOfTool(tool, { collected: given.collected ?? {}, readManifest }, ended);
}

describe('what a run has written', () => {
  const cases = casesOf<OutputCase>('outputs.json');

  it.each(cases)('$id', (vector) => {
    const { refused, products = [], sinks = [], left = [], run_status, with_warnings } = vector;
    if (refused !== undefined) {
      expect(() => outputsOf(vector)).toThrow(new RegExp(refused, 'i'));
      return;
    }
    const outputs = outputsOf(vector);
    const found = outputs.products.map(({ relativePath, type, dims }) => ({
      relative_path: relativePath,
      role: type,
      dims,
    }));
    const byPath = (a: { relative_path: string }, b: { relative_path: string }) =>
      a.relative_path < b.relative_path ? -1 : 1;
    expect(found.sort(byPath)).toEqual([...products].sort(byPath));
    expect(outputs).toMatchObject({ sinks, left, status: run_status, withWarnings: with_warnings });
  });

  it('has 17 vectors', () => {
    expect(cases).toHaveLength(17);
  });
});

describeEachDatabase('the input manifest', (database) => {
  let dataSource: DataSource;
  const cases = casesOf<ManifestCase>('input-manifest.json');
  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
  });

  /** Fills in the pipeline of a vector, in place of that of the starting state with the same key. */
  async function pipelineOf(
    manager: EntityManager,
    { pipeline, step, software }: ManifestCase,
  ): Promise<number> {
    await manager.delete(Pipeline, { id: pipeline.id });
    const { id: dataGroupingId } = await manager.findOneByOrFail(DataGrouping, { name: 'chai-lfa-co43' });
    const processingLocationId = await locationId(manager, 'cologne', 'ramses_processing');
    const { name } = pipeline;
    await manager.insert(Pipeline, { name, dataGroupingId, processingLocationId });
    await manager.query(`UPDATE pipeline SET id = ${pipeline.id} WHERE name = '${name}'`);
    const { id: reductionSoftwareId } = await manager.save(ReductionSoftware, { name: software.name });
    const { parameters, environment, cpu_count, memory_gb, time_limit_h } = step.config;
    const config = await manager.save(ReductionStepConfig, {
      name: step.name,
      parameters,
      environment,
      cpuCount: cpu_count,
      memoryGb: memory_gb,
      timeLimitH: time_limit_h,
    });
    const common = { pipelineId: pipeline.id, reductionSoftwareId, reductionStepConfigId: config.id };
    for (const [index, name] of ['calibrate', 'map'].entries())
      await manager.insert(ReductionStep, { ...common, name, position: index + 1 });
    await manager.insert(ReductionStepDependency, {
      pipelineId: pipeline.id,
      position: 2,
      upstreamPosition: 1,
    });
    const { id } = await manager.save(ReductionSoftwareVersion, {
      reductionSoftwareId,
      version: software.version,
      image: software.image,
      imageDigest: software.image_digest,
    });
    return id;
  }

  async function runOf(
    manager: EntityManager,
    vector: ManifestCase,
    run: { id: string; step: string; reads: { packageIds?: string[]; productIds?: string[] } },
    reductionSoftwareVersionId: number,
  ): Promise<void> {
    const inputSetId = uuidv7();
    const { packageIds = [], productIds = [] } = run.reads;
    const count = packageIds.length + productIds.length;
    await manager.insert(InputSet, {
      id: inputSetId,
      contentHash: contentHash(run.reads),
      memberCount: count,
    });
    for (const member of [
      ...packageIds.map((rawDataPackageId) => ({ rawDataPackageId })),
      ...productIds.map((dataProductId) => ({ dataProductId })),
    ])
      await manager.insert(InputSetMember, { id: uuidv7(), inputSetId, ...member });
    const { id: reductionStepId } = await manager.findOneByOrFail(ReductionStep, {
      name: run.step,
      pipelineId: vector.pipeline.id,
    });
    await manager.insert(ExecutedReductionStep, {
      id: run.id,
      reductionStepId,
      inputSetId,
      reductionSoftwareVersionId,
      subGroupKey: vector.run.sub_group_key,
      dims: vector.run.dims,
    });
  }

  async function fill(manager: EntityManager, vector: ManifestCase): Promise<void> {
    const versionId = await pipelineOf(manager, vector);
    const dataLocationId = await locationId(manager, 'cologne', 'ramses_processing');
    const origin = await observe(manager, 1);
    const { executedObsUnitId, instrumentModuleId, sourceLocationId } = origin;
    for (const [index, { id, files }] of vector.packages.entries()) {
      const rows = files.map((relativePath) => ({
        id: uuidv7(),
        executedObsUnitId,
        instrumentModuleId,
        sourceLocationId,
        relativePath,
        sizeBytes: 1,
      }));
      await fileRawDataFiles(manager, rows);
      const fileIds = rows.map((row) => row.id);
      const of = { executedObsUnitId, instrumentModuleId, sourceLocationId };
      await fileRawDataPackage(manager, { id, ...of, partNumber: index + 2, fileIds });
      for (const rawDataFileId of fileIds)
        await manager.insert(RawDataFilePhysicalCopy, { id: uuidv7(), rawDataFileId, dataLocationId });
    }
    const products = vector.products ?? [];
    for (const runId of new Set(products.map(({ run_id }) => run_id)))
      await runOf(
        manager,
        vector,
        { id: runId, step: 'calibrate', reads: { packageIds: [origin.packageId] } },
        versionId,
      );
    for (const { id, run_id, role, relative_path, dims } of products) {
      const product = { executedReductionStepId: run_id, type: role, relativePath: relative_path, dims };
      await manager.insert(DataProduct, { id, ...product, sizeBytes: 1 });
      await manager.insert(DataProductPhysicalCopy, { id: uuidv7(), dataProductId: id, dataLocationId });
    }
    const reads = {
      packageIds: vector.packages.map(({ id }) => id),
      productIds: products.map(({ id }) => id),
    };
    await runOf(manager, vector, { id: vector.run.id, step: vector.step.name, reads }, versionId);
  }

  it.each(cases)('$id', async (vector) => {
    const undone = new Error('undone');
    const trial = dataSource.transaction(async (manager) => {
      await fill(manager, vector);
      expect(await inputManifest(manager, vector.run.id)).toEqual(vector.manifest);
      const { environment } = await submissionOf(manager, vector.run.id);
      expect(environment).toEqual(vector.environment);
      throw undone;
    });
    await expect(trial).rejects.toBe(undone);
  });

  it.each(cases)('has the folders of $id', ({ pipeline, run, step, folders }) => {
    const { input, workspace, output_dir, manifest, on_host } = folders;
    const place = { pipelineId: pipeline.id, subGroupKey: run.sub_group_key };
    const found = runFolders({ ...place, stepName: step.name, isFinal: step.is_final });
    expect(found).toMatchObject({ input, workspace, outputDir: output_dir, manifest });
    if (on_host) expect(found.onHost).toEqual(on_host);
  });
});
