import { Index, ManyToOne } from 'typeorm';
import { UuidReference } from '../columns.js';
import { DataProduct } from '../reduction/data-product.js';
import { Subtype } from '../subtype.js';
import { PhysicalCopyType } from './enums.js';
import { PhysicalCopy } from './physical-copy.js';

/**
 * A copy of a data product. Without a path of its own it lies at the relative path of the product, in a folder named by the
 * key of its run.
 *
 * @example
 * import { DataProductPhysicalCopy, DataProductType } from 'ccat-ops-db';
 *
 * const copies = await session.find(DataProductPhysicalCopy, {
 *   where: { dataProduct: { type: DataProductType.PLOT } },
 *   relations: { dataProduct: true, dataLocation: true },
 * });
 * console.log(copies.length, copies[0]?.dataProduct?.relativePath); // 2 plots/overview.png
 * console.log(copies[0]?.dataLocation?.name); // ramses_processing
 */
@Subtype('DataProductPhysicalCopy', PhysicalCopyType.DATA_PRODUCT)
@Index('uq_physical_copy__product_at_location', ['dataProductId', 'dataLocationId'], {
  unique: true,
  where: '"data_product_id" IS NOT NULL',
})
export class DataProductPhysicalCopy extends PhysicalCopy {
  /** Product that it is a copy of. */
  @UuidReference({ comment: 'Product that it is a copy of' })
  dataProductId!: string;

  @ManyToOne(() => DataProduct, { nullable: false, onDelete: 'RESTRICT' })
  dataProduct?: DataProduct;
}
