import type { EntityManager } from 'typeorm';
import { ReductionSoftwareVersion } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { readTool, requireContract } from './tool.js';

/** A release of a software. */
export interface NewVersion {
  /** Software that is released. */
  readonly reductionSoftwareId: number;
  /** Version of the release. */
  readonly version: string;
  /** Reference of the container image. */
  readonly image: string;
  /** Digest of the image. */
  readonly imageDigest?: string;
  /** Path of the image as a SIF file. */
  readonly sifPath?: string;
  /** Command that the container runs, each argument by itself; by default that of the tool, or else of the image. */
  readonly command?: readonly string[];
  /** Definition of the tool in CWL; its hint says which version of the contract it follows. */
  readonly tool?: Record<string, unknown>;
  /** Version of the contract of a software without a definition. */
  readonly contractVersion?: number;
  /** Whether steps with the policy compatible may use it; by default they may. */
  readonly compatible?: boolean;
  /** When it was released, UTC. */
  readonly releasedAt?: Date;
}

/**
 * Registers a release of a software.
 * @throws OpsDbError `reduction_contract_unsupported` when it follows another version of the contract than this package;
 *   InvalidInputError `reduction_tool_invalid` when the definition of the tool has issues, which it lists; QueryFailedError when
 *   the version is there already. Nothing is written then
 *
 * @example
 * import { ReductionSoftware, registerVersion } from 'ccat-ops-db';
 *
 * const software = await session.findOneByOrFail(ReductionSoftware, { name: 'chai-gridding' });
 * const release = {
 *   reductionSoftwareId: software.id,
 *   version: '1.1.0', image: 'registry.example/chai-gridding:1.1.0',
 * };
 * const outputs = { cube: { type: 'File', 'ccat:role': 'science' } };
 * const tool = { class: 'CommandLineTool', hints: { 'ccat:Contract': { version: 2 } }, outputs };
 * const refused = await registerVersion(session, { ...release, tool }).catch(({ code }) => code);
 * console.log(refused); // reduction_contract_unsupported
 *
 * const hints = { 'ccat:Contract': { version: 1 } };
 * const { contractVersion } = await registerVersion(session, { ...release, tool: { ...tool, hints } });
 * console.log(contractVersion); // 1
 */
export async function registerVersion(
  manager: EntityManager,
  { contractVersion, tool, command, ...release }: NewVersion,
): Promise<ReductionSoftwareVersion> {
  const found = tool && readTool(tool).contractVersion;
  const stated = contractVersion ?? found ?? null;
  if (stated !== null) requireContract(stated);
  if (found !== undefined && found !== stated)
    throw new OpsDbError(
      'reduction_contract_unsupported',
      `The definition of the tool follows version ${found} of the contract, not ${stated}: leave contractVersion out`,
    );
  const row = manager.create(ReductionSoftwareVersion, {
    ...release,
    tool,
    command: command && [...command],
    contractVersion: stated,
  });
  return manager.save(row);
}
