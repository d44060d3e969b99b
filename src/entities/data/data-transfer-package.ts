import { Check, Entity, Index, ManyToOne } from 'typeorm';
import { ChecksumAlgorithm } from '../checksum.js';
import { ByteCount, Checksum, Enum, Int, ReferenceKey, RelativePath } from '../columns.js';
import { DataLocation } from '../location/data-location.js';
import { Status } from '../status.js';
import { Work } from '../work.js';

/**
 * A bundle of raw data packages for the network, large enough for long distances. Its work is building it.
 *
 * @example
 * import { DataTransferPackage, RawDataPackage, Status } from 'ccat-ops-db';
 *
 * const bundle = await session.findOneOrFail(DataTransferPackage, {
 *   where: { status: Status.COMPLETED, originLocation: { site: { shortName: 'ccat' } } },
 *   order: { packageCount: 'DESC' },
 * });
 * console.log(bundle.packageCount, bundle.sizeBytes); // 3 10577250248
 * console.log(await session.countBy(RawDataPackage, { dataTransferPackageId: bundle.id })); // 3
 */
@Entity({ comment: 'A bundle of raw data packages for the network; its work is building it.' })
@Index('ix_data_transfer_package__pending', ['originLocationId', 'priority', 'createdAt'], {
  where: `"status" = 'pending'`,
})
@Index('ix_data_transfer_package__in_hand', ['heartbeatAt'], {
  where: `"status" IN ('scheduled', 'in_progress')`,
})
@Index('ix_data_transfer_package__failed', ['updatedAt'], { where: `"status" = 'failed'` })
@Check(
  'ck_data_transfer_package__built_is_described',
  `"status" <> 'completed' OR ("relative_path" IS NOT NULL AND "size_bytes" IS NOT NULL AND "checksum" IS NOT NULL)`,
)
export class DataTransferPackage extends Work {
  /** Buffer where the bundle is made. */
  @ReferenceKey({ comment: 'Buffer where the bundle is made' })
  originLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  originLocation?: DataLocation;

  /** Where the building of the bundle stands. */
  @Enum(Status, { comment: 'Where the building of the bundle stands', default: 'pending' })
  status!: Status;

  /** Path of the archive below the root of a location; null: not built yet. */
  @RelativePath({ comment: 'Path of the archive below the root of a location', null: 'not built yet' })
  relativePath!: string | null;

  /** Number of packages in the bundle. */
  @Int({ comment: 'Number of packages in the bundle', min: 0, default: 0 })
  packageCount!: number;

  /** Size of the archive [byte]; null: not built yet. */
  @ByteCount({ comment: 'Size of the archive', null: 'not built yet' })
  sizeBytes!: number | null;

  /** Checksum of the archive, in hexadecimal digits; null: not built yet. */
  @Checksum({ comment: 'Checksum of the archive, in hexadecimal digits', null: 'not built yet' })
  checksum!: string | null;

  /** Algorithm of the checksum; null: not built yet. */
  @Enum(ChecksumAlgorithm, { comment: 'Algorithm of the checksum', null: 'not built yet' })
  checksumAlgorithm!: ChecksumAlgorithm | null;
}
