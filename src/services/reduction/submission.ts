import type { EntityManager } from 'typeorm';
import { runContext } from './run-context.js';

/** What the batch system is given for a run. */
export interface Submission {
  /** Name of the job, unique for each try of each run. */
  readonly jobName: string;
  /** What the container runs, each argument by itself; null: what the image says. */
  readonly executionCommand: readonly string[] | null;
  /** Reference of the container image, with its digest where that is recorded. */
  readonly imageRef: string;
  /** Path of the image as a SIF file; null: not cached. */
  readonly sifPath: string | null;
  /** Folder of the staged raw data, on the host. */
  readonly inputDir: string;
  /** Folder that all steps of the division see, on the host. */
  readonly workspaceDir: string;
  /** Folder of what the last step leaves, on the host. */
  readonly outputDir: string;
  /** The input manifest, in the container. */
  readonly manifestPath: string;
  /** Variables of the container; `WORKFLOW_OUTPUT_DIR` says where to write. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the job needs: processors, memory [Gbyte], time [h]. */
  readonly resources: {
    readonly cpu: number;
    readonly memoryGb: number;
    readonly timeHours: number;
  };
}

/** Where the host has its folders. */
export interface HostOptions {
  /** Folder of all pipelines; by default `/data/pipelines`. */
  readonly baseDir?: string;
  /** Folder of the staged raw data; by default `/data/staged`. */
  readonly stagedDir?: string;
}

/**
 * What the batch system is given for a run.
 * @param runId UUID of the run
 * @throws EntityNotFoundError when there is no such run; OpsDbError `reduction_contract_unsupported` when its software
 *   follows another version of the contract: the run is not submitted then
 *
 * @example
 * import { ExecutedReductionStep, submissionOf } from 'ccat-ops-db';
 *
 * const ofCalibration = { reductionStep: { name: 'calibration' } };
 * const { id } = await session.findOneByOrFail(ExecutedReductionStep, ofCalibration);
 * const { environment, resources } = await submissionOf(session, id);
 * console.log(environment); // { WORKFLOW_OUTPUT_DIR: '/workflow/workspace/calibration/' }
 * console.log(resources); // { cpu: 2, memoryGb: 8, timeHours: 1 }
 */
export async function submissionOf(
  manager: EntityManager,
  runId: string,
  { baseDir, stagedDir = '/data/staged' }: HostOptions = {},
): Promise<Submission> {
  const { run, step, config, version, tool, folders } = await runContext(manager, runId, baseDir);
  const { image, imageDigest, sifPath } = version;
  return {
    jobName: `${step.name}-${run.id}-${run.retryCount}`,
    executionCommand: version.command ?? tool?.command ?? null,
    imageRef: imageDigest === null || image.includes('@') ? image : `${image}@${imageDigest}`,
    sifPath,
    inputDir: stagedDir,
    workspaceDir: folders.onHost.workspace,
    outputDir: folders.onHost.output,
    manifestPath: folders.manifest,
    environment: { ...config.environment, WORKFLOW_OUTPUT_DIR: folders.outputDir },
    resources: { cpu: config.cpuCount, memoryGb: config.memoryGb, timeHours: config.timeLimitH },
  };
}
