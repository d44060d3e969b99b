import type { EntityManager } from 'typeorm';
import { oneOf } from '../../database/one-of.js';
import {
  DataProduct,
  DataProductPhysicalCopy,
  type DataProductType,
  type Dims,
  InputSetMember,
  PhysicalCopyStatus,
  RawDataFile,
  RawDataFilePhysicalCopy,
} from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { type RunContext, runContext } from './run-context.js';

/** A product that a run reads. */
export interface InputProduct {
  /** UUID of the product. */
  readonly id: string;
  /** In the container. */
  readonly path: string;
  /** What the product is. */
  readonly role: DataProductType;
  /** What tells it from others. */
  readonly dims: Dims;
}

/** What a run is told, as the JSON file that its container finds; the names of the keys are this package's own. */
export interface InputManifest {
  /** Version of this form of the manifest. */
  readonly manifest_version: 1;
  /** The run, and what it stands for. */
  readonly run: { readonly id: string; readonly sub_group_key: string; readonly dims: Dims };
  /** The pipeline that the run is of. */
  readonly pipeline: { readonly id: number; readonly name: string };
  /** The step that is run. */
  readonly step: { readonly name: string; readonly position: number; readonly is_final: boolean };
  /** The software that runs. */
  readonly software: { readonly name: string; readonly version: string };
  /** Paths of the raw data files in the container. */
  readonly input_files: readonly string[];
  /** Products of the steps that the step depends on. */
  readonly input_products: readonly InputProduct[];
  /** Parameters of the step. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Where the run writes, in the container. */
  readonly output_dir: string;
}

/** How many missing files a message names. */
const NAMED = 3;

/**
 * What a run reads and how, as the manifest at `/workflow/config/manifest.json` says it to its container. Raw data files have
 * the paths of their copies at the processing location, below `/workflow/input`. Products have their paths below
 * `/workflow/workspace`, in the folder of the step that made them; those of another division in a folder of its key within
 * that, since each division has a workspace of its own on the host.
 * @param runId UUID of the run
 * @throws EntityNotFoundError when there is no such run; OpsDbError `reduction_contract_unsupported` when its software
 *   follows another version of the contract; `reduction_input_missing` when a raw data file or a product is not at
 *   the processing location
 *
 * @example
 * import { ExecutedReductionStep, inputManifest } from 'ccat-ops-db';
 *
 * const ofGridding = { reductionStep: { name: 'gridding' } };
 * const { id } = await session.findOneByOrFail(ExecutedReductionStep, ofGridding);
 * const { step, input_products, output_dir } = await inputManifest(session, id);
 * console.log(step); // { name: 'gridding', position: 3, is_final: true }
 * console.log(input_products.length, output_dir); // 1 /workflow/output/
 */
export async function inputManifest(manager: EntityManager, runId: string): Promise<InputManifest> {
  const context = await runContext(manager, runId);
  const { run, step, pipeline, software, version, config, folders } = context;
  return {
    manifest_version: 1,
    run: { id: run.id, sub_group_key: run.subGroupKey, dims: run.dims },
    pipeline: { id: pipeline.id, name: pipeline.name },
    step: { name: step.name, position: step.position, is_final: context.isFinal },
    software: { name: software.name, version: version.version },
    input_files: await inputFiles(manager, context),
    input_products: await inputProducts(manager, context),
    config: config.parameters,
    output_dir: folders.outputDir,
  };
}

async function inputFiles(manager: EntityManager, { run, pipeline, folders }: RunContext): Promise<string[]> {
  const files = await manager
    .createQueryBuilder(RawDataFile, 'file')
    .select('file.relativePath', 'relativePath')
    .addSelect('copy.path', 'path')
    .addSelect('copy.id', 'copy')
    .innerJoin(InputSetMember, 'member', 'member.rawDataPackageId = file.rawDataPackageId')
    .leftJoin(
      RawDataFilePhysicalCopy,
      'copy',
      'copy.rawDataFileId = file.id AND copy.dataLocationId = :place AND copy.status = :present',
      { place: pipeline.processingLocationId, present: PhysicalCopyStatus.PRESENT },
    )
    .where('member.inputSetId = :inputSetId', { inputSetId: run.inputSetId })
    .orderBy('file.rawDataPackageId')
    .addOrderBy('file.relativePath')
    .getRawMany<{ relativePath: string; path: string | null; copy: string | null }>();
  requireAll(
    files.filter(({ copy }) => copy === null).map(({ relativePath }) => relativePath),
    `raw data files of run ${run.id} are not at its processing location; wait for their staging`,
  );
  return files.map(({ relativePath, path }) => `${folders.input}/${path ?? relativePath}`);
}

async function inputProducts(
  manager: EntityManager,
  { run, pipeline, folders }: RunContext,
): Promise<InputProduct[]> {
  const products = await manager
    .createQueryBuilder(DataProduct, 'product')
    .innerJoin(InputSetMember, 'member', 'member.dataProductId = product.id')
    .innerJoinAndSelect('product.executedReductionStep', 'maker')
    .innerJoinAndSelect('maker.reductionStep', 'step')
    .where('member.inputSetId = :inputSetId', { inputSetId: run.inputSetId })
    .orderBy('step.position')
    .addOrderBy('maker.subGroupKey')
    .addOrderBy('product.relativePath')
    .getMany();
  const present = { dataLocationId: pipeline.processingLocationId, status: PhysicalCopyStatus.PRESENT };
  const dataProductId = oneOf(
    manager,
    products.map(({ id }) => id),
  );
  const copies = await manager.findBy(DataProductPhysicalCopy, { ...present, dataProductId });
  const found = new Set(copies.map(({ dataProductId }) => dataProductId));
  requireAll(
    products.filter(({ id }) => !found.has(id)).map(({ relativePath }) => relativePath),
    `products that run ${run.id} reads are not at its processing location; run the steps that made them again`,
  );
  return products.map(({ id, type, dims, relativePath, executedReductionStep: maker }) => {
    const division = maker?.subGroupKey === run.subGroupKey ? '' : `${maker?.subGroupKey}/`;
    const path = `${folders.workspace}/${maker?.reductionStep?.name}/${division}${relativePath}`;
    return { id, path, role: type, dims };
  });
}

function requireAll(missing: readonly string[], message: string): void {
  if (missing.length === 0) return;
  const named = `${missing.slice(0, NAMED).join(', ')}${missing.length > NAMED ? ', …' : ''}`;
  throw new OpsDbError('reduction_input_missing', `${missing.length} ${message}: ${named}`);
}
