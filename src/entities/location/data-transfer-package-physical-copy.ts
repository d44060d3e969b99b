import { Index, ManyToOne } from 'typeorm';
import { UuidReference } from '../columns.js';
import { DataTransferPackage } from '../data/data-transfer-package.js';
import { Subtype } from '../subtype.js';
import { PhysicalCopyType } from './enums.js';
import { PhysicalCopy } from './physical-copy.js';

/**
 * A copy of a data transfer package.
 *
 * @example
 * import { DataTransferPackagePhysicalCopy, PhysicalCopyStatus } from 'ccat-ops-db';
 *
 * const gone = await session.find(DataTransferPackagePhysicalCopy, {
 *   where: { status: PhysicalCopyStatus.DELETED, dataTransferPackage: { packageCount: 3 } },
 *   relations: { dataLocation: { site: true } },
 *   order: { dataLocation: { id: 'ASC' } },
 * });
 * console.log(gone.map(({ dataLocation }) => dataLocation?.site?.shortName)); // [ 'ccat', 'cologne' ]
 * console.log(gone.every(({ deletedAt }) => deletedAt instanceof Date)); // true
 */
@Subtype('DataTransferPackagePhysicalCopy', PhysicalCopyType.DATA_TRANSFER_PACKAGE)
@Index('uq_physical_copy__bundle_at_location', ['dataTransferPackageId', 'dataLocationId'], {
  unique: true,
  where: '"data_transfer_package_id" IS NOT NULL',
})
export class DataTransferPackagePhysicalCopy extends PhysicalCopy {
  /** Bundle that it is a copy of. */
  @UuidReference({ comment: 'Bundle that it is a copy of' })
  dataTransferPackageId!: string;

  @ManyToOne(() => DataTransferPackage, { nullable: false, onDelete: 'RESTRICT' })
  dataTransferPackage?: DataTransferPackage;
}
