import type { EntityManager } from 'typeorm';
import {
  ExecutedReductionStep,
  type Pipeline,
  type ReductionSoftware,
  type ReductionSoftwareVersion,
  type ReductionStep,
  type ReductionStepConfig,
  ReductionStepDependency,
} from '../../entities/index.js';
import { type RunFolders, runFolders } from './folders.js';
import { readTool, requireContract, type Tool } from './tool.js';

/** A run with all that it hangs on. */
export interface RunContext {
  readonly run: ExecutedReductionStep;
  readonly step: ReductionStep;
  readonly pipeline: Pipeline;
  readonly config: ReductionStepConfig;
  readonly software: ReductionSoftware;
  readonly version: ReductionSoftwareVersion;
  /** What the version says of its outputs; null: they are told apart by folders. */
  readonly tool: Tool | null;
  /** Whether no other step reads what the step makes. */
  readonly isFinal: boolean;
  readonly folders: RunFolders;
}

/**
 * Reads a run with all that it hangs on.
 * @param baseDir folder of all pipelines on the host
 * @throws EntityNotFoundError when there is no such run; OpsDbError `reduction_contract_unsupported` when its software
 *   follows a version of the contract that this package does not
 */
export async function runContext(manager: EntityManager, id: string, baseDir?: string): Promise<RunContext> {
  const run = await manager.findOneOrFail(ExecutedReductionStep, {
    where: { id },
    relations: {
      reductionStep: { pipeline: true, reductionStepConfig: true },
      reductionSoftwareVersion: { reductionSoftware: true },
    },
  });
  const step = run.reductionStep as ReductionStep;
  const version = run.reductionSoftwareVersion as ReductionSoftwareVersion;
  if (version.contractVersion !== null) requireContract(version.contractVersion);
  const { pipelineId, position: upstreamPosition } = step;
  const isRead = await manager.existsBy(ReductionStepDependency, { pipelineId, upstreamPosition });
  const isFinal = !isRead;
  const { subGroupKey } = run;
  return {
    run,
    step,
    version,
    isFinal,
    pipeline: step.pipeline as Pipeline,
    config: step.reductionStepConfig as ReductionStepConfig,
    software: version.reductionSoftware as ReductionSoftware,
    tool: version.tool && readTool(version.tool),
    folders: runFolders({ pipelineId, subGroupKey, stepName: step.name, isFinal, baseDir }),
  };
}
