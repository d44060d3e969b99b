import { Entity, ManyToOne, Unique } from 'typeorm';
import { Flag, Instant, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { ReductionSoftware } from './reduction-software.js';

/** A release of a reduction software as a container image; runs record which one they used. */
@Entity({ comment: 'A release of a reduction software as a container image.' })
@Unique(['reductionSoftwareId', 'version'])
export class ReductionSoftwareVersion extends Keyed {
  @ReferenceKey({ comment: 'Software that was released' })
  reductionSoftwareId!: number;

  @ManyToOne(() => ReductionSoftware, { nullable: false, onDelete: 'RESTRICT' })
  reductionSoftware?: ReductionSoftware;

  @Text({ comment: 'Version of the release' })
  version!: string;

  @Text({ comment: 'Reference of the container image' })
  image!: string;

  @Text({ comment: 'Digest of the container image', null: 'not recorded' })
  imageDigest!: string | null;

  @Flag({ comment: 'Whether steps with the policy compatible may use it', default: true })
  compatible!: boolean;

  @Instant({ comment: 'When the version was released, UTC', null: 'not recorded' })
  releasedAt!: Date | null;
}
