import { Index, ManyToOne } from 'typeorm';
import { UuidReference } from '../columns.js';
import { RawDataPackage } from '../data/raw-data-package.js';
import { Subtype } from '../subtype.js';
import { PhysicalCopyType } from './enums.js';
import { PhysicalCopy } from './physical-copy.js';

/**
 * A copy of a raw data package.
 *
 * @example
 * import { PhysicalCopyStatus, RawDataPackagePhysicalCopy } from 'ccat-ops-db';
 *
 * const copy = await session.findOneOrFail(RawDataPackagePhysicalCopy, {
 *   where: { status: PhysicalCopyStatus.PRESENT, rawDataPackage: { instrumentModule: { name: 'HFA' } } },
 *   relations: { dataLocation: { site: true }, rawDataPackage: true },
 * });
 * console.log(copy.dataLocation?.site?.name, copy.dataLocation?.name); // Cologne lta
 * console.log(copy.checksum === copy.rawDataPackage?.checksum); // true
 */
@Subtype('RawDataPackagePhysicalCopy', PhysicalCopyType.RAW_DATA_PACKAGE)
@Index('uq_physical_copy__package_at_location', ['rawDataPackageId', 'dataLocationId'], {
  unique: true,
  where: '"raw_data_package_id" IS NOT NULL',
})
export class RawDataPackagePhysicalCopy extends PhysicalCopy {
  /** Package that it is a copy of. */
  @UuidReference({ comment: 'Package that it is a copy of' })
  rawDataPackageId!: string;

  @ManyToOne(() => RawDataPackage, { nullable: false, onDelete: 'RESTRICT' })
  rawDataPackage?: RawDataPackage;
}
