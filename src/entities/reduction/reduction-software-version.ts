import { Check, Entity, ManyToOne, Unique } from 'typeorm';
import { Flag, Instant, Int, Json, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { ReductionSoftware } from './reduction-software.js';

/**
 * A release of a reduction software as a container image; runs record which one they used.
 *
 * @example
 * import { ReductionSoftware, ReductionSoftwareVersion } from 'ccat-ops-db';
 *
 * const { id } = await session.findOneByOrFail(ReductionSoftware, { name: 'chai-gridding' });
 * const image = 'registry.example/chai-gridding:1.1.0';
 * const release = { reductionSoftwareId: id, version: '1.1.0', image, releasedAt: new Date() };
 * await session.save(ReductionSoftwareVersion, release);
 *
 * const where = { reductionSoftwareId: id, compatible: true };
 * const versions = await session.find(ReductionSoftwareVersion, { where, order: { id: 'ASC' } });
 * console.log(versions.map(({ version }) => version)); // [ '1.0.0', '1.1.0' ]
 */
@Entity({ comment: 'A release of a reduction software as a container image.' })
@Unique(['reductionSoftwareId', 'version'])
@Check('ck_reduction_software_version__contract_supported', '"contract_version" IN (1)')
@Check('ck_reduction_software_version__tool_has_contract', '"tool" IS NULL OR "contract_version" IS NOT NULL')
export class ReductionSoftwareVersion extends Keyed {
  /** Software that was released. */
  @ReferenceKey({ comment: 'Software that was released' })
  reductionSoftwareId!: number;

  @ManyToOne(() => ReductionSoftware, { nullable: false, onDelete: 'RESTRICT' })
  reductionSoftware?: ReductionSoftware;

  /** Version of the release. */
  @Text({ comment: 'Version of the release' })
  version!: string;

  /** Reference of the container image. */
  @Text({ comment: 'Reference of the container image' })
  image!: string;

  /** Digest of the container image; null: not recorded. */
  @Text({ comment: 'Digest of the container image', null: 'not recorded' })
  imageDigest!: string | null;

  /** Path of the image as a SIF file in the cache of the workflow manager; null: not cached. */
  @Text({
    comment: 'Path of the image as a SIF file in the cache of the workflow manager',
    null: 'not cached',
  })
  sifPath!: string | null;

  /**
   * Version of the container contract that the software follows; null: none; what it writes is told apart by
   * folders.
   */
  @Int({
    comment: 'Version of the container contract that the software follows',
    null: 'none; what it writes is told apart by folders',
  })
  contractVersion!: number | null;

  /**
   * Definition of the tool in CWL, with the terms of the contract; null: none; what it writes is told apart
   * by folders.
   */
  @Json({
    comment: 'Definition of the tool in CWL, with the terms of the contract',
    null: 'none; what it writes is told apart by folders',
  })
  tool!: Record<string, unknown> | null;

  /**
   * Command that the container runs, each argument by itself; null: that of the tool, or else of the image.
   */
  @Json({
    comment: 'Command that the container runs, each argument by itself',
    null: 'that of the tool, or else of the image',
  })
  command!: string[] | null;

  /** Whether steps with the policy compatible may use it. */
  @Flag({ comment: 'Whether steps with the policy compatible may use it', default: true })
  compatible!: boolean;

  /** When the version was released, UTC; null: not recorded. */
  @Instant({ comment: 'When the version was released, UTC', null: 'not recorded' })
  releasedAt!: Date | null;
}
