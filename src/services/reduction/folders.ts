import { DataProductType } from '../../entities/index.js';

/** Where a run finds and leaves its files. */
export interface RunFolders {
  /** In the container: raw data, read only. */
  readonly input: string;
  /** In the container: what the steps before have left, each in a folder with the name of the step. */
  readonly workspace: string;
  /** In the container: where the step writes, what `WORKFLOW_OUTPUT_DIR` says; ends with `/`. */
  readonly outputDir: string;
  /** In the container: the input manifest, read only. */
  readonly manifest: string;
  /** In the container: what the software prints. */
  readonly logs: string;
  /** On the computer where the container runs. */
  readonly onHost: HostFolders;
}

/** Folders of a division of a pipeline, on the computer where its containers run. */
export interface HostFolders {
  /** What all steps but the last leave, each in a folder with its name. */
  readonly workspace: string;
  /** What the last step leaves. */
  readonly output: string;
  /** What the software prints. */
  readonly logs: string;
}

/** What decides on the folders of a run. */
export interface RunPlace {
  /** Key of the pipeline. */
  readonly pipelineId: number;
  /** Key of the division. */
  readonly subGroupKey: string;
  /** Name of the step. */
  readonly stepName: string;
  /** Whether no other step reads what the step makes. */
  readonly isFinal: boolean;
  /** Folder of all pipelines on the host; by default that of the workflow manager, `/data/pipelines`. */
  readonly baseDir?: string;
}

const IN_CONTAINER = {
  input: '/workflow/input',
  workspace: '/workflow/workspace',
  manifest: '/workflow/config/manifest.json',
  logs: '/workflow/logs',
} as const;
const OUTPUT = '/workflow/output/';
const BASE_DIR = '/data/pipelines';

/** The folders of the last step, and what a file in each is. */
const TYPES: ReadonlyMap<string, DataProductType> = new Map([
  ['science', DataProductType.SCIENCE],
  ['qa', DataProductType.QA_METRIC],
  ['plots', DataProductType.PLOT],
  ['statistics', DataProductType.STATISTICS],
  ['logs', DataProductType.LOG],
]);

/**
 * The folders of a run, as the container contract has them.
 *
 * @example
 * import { runFolders } from 'ccat-ops-db';
 *
 * const place = { pipelineId: 3, subGroupKey: 'source=ECDFS', stepName: 'calibrate', isFinal: false };
 * const { outputDir, onHost } = runFolders(place);
 * console.log(outputDir); // /workflow/workspace/calibrate/
 * console.log(onHost.workspace); // /data/pipelines/3/source=ECDFS/workspace
 */
export function runFolders({
  pipelineId,
  subGroupKey,
  stepName,
  isFinal,
  baseDir = BASE_DIR,
}: RunPlace): RunFolders {
  const host = `${baseDir.replace(/\/+$/, '')}/${pipelineId}/${subGroupKey}`;
  return {
    ...IN_CONTAINER,
    outputDir: isFinal ? OUTPUT : `${IN_CONTAINER.workspace}/${stepName}/`,
    onHost: { workspace: `${host}/workspace`, output: `${host}/output`, logs: `${host}/logs` },
  };
}

/**
 * What a file is that the last step of a pipeline wrote, by the first folder of its path.
 * @param relativePath path below the output folder
 * @returns null for a file in no folder, or in one that has no meaning
 *
 * @example
 * import { productTypeOf } from 'ccat-ops-db';
 *
 * console.log(productTypeOf('qa/noise.json')); // qa_metric
 * console.log(productTypeOf('qa_metrics/noise.json')); // null
 */
export function productTypeOf(relativePath: string): DataProductType | null {
  const end = relativePath.indexOf('/');
  return end < 0 ? null : (TYPES.get(relativePath.slice(0, end)) ?? null);
}
