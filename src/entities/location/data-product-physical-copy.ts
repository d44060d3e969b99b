import { Index, ManyToOne } from 'typeorm';
import { Subtype, UuidReference } from '../columns.js';
import { DataProduct } from '../reduction/data-product.js';
import { PhysicalCopyType } from './enums.js';
import { PhysicalCopy } from './physical-copy.js';

/** A copy of a data product. */
@Subtype(PhysicalCopyType.DATA_PRODUCT)
@Index('uq_physical_copy__product_at_location', ['dataProductId', 'dataLocationId'], {
  unique: true,
  where: '"data_product_id" IS NOT NULL',
})
export class DataProductPhysicalCopy extends PhysicalCopy {
  @UuidReference({ comment: 'Product that it is a copy of' })
  dataProductId!: string;

  @ManyToOne(() => DataProduct, { nullable: false, onDelete: 'RESTRICT' })
  dataProduct?: DataProduct;
}
