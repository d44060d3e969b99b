import { Check, Entity, Index, ManyToOne, Unique } from 'typeorm';
import { UuidReference } from '../columns.js';
import { RawDataPackage } from '../data/raw-data-package.js';
import { UuidKeyed } from '../uuid-keyed.js';
import { DataProduct } from './data-product.js';
import { InputSet } from './input-set.js';

/**
 * One package or one product of an input set.
 *
 * @example
 * import { ExecutedReductionStep, InputSetMember } from 'ccat-ops-db';
 *
 * const rawDataPackage = { executedObsUnit: { obsUnit: { source: { name: 'RScl' } } } };
 * const { inputSetId, dataProductId } = await session.findOneByOrFail(InputSetMember, { rawDataPackage });
 * const runs = await session.find(ExecutedReductionStep, {
 *   where: { inputSetId },
 *   relations: { reductionStep: true },
 * });
 * console.log(runs.map(({ reductionStep }) => reductionStep?.name), dataProductId); // [ 'calibration' ] null
 */
@Entity({ comment: 'One package or one product of an input set.' })
@Unique('uq_input_set_member__package', ['inputSetId', 'rawDataPackageId'])
@Index('uq_input_set_member__product', ['inputSetId', 'dataProductId'], {
  unique: true,
  where: '"data_product_id" IS NOT NULL',
})
@Index('ix_input_set_member__raw_data_package_id', ['rawDataPackageId'], {
  where: '"raw_data_package_id" IS NOT NULL',
})
@Index('ix_input_set_member__data_product_id', ['dataProductId'], { where: '"data_product_id" IS NOT NULL' })
@Check(
  'ck_input_set_member__package_or_product',
  '("raw_data_package_id" IS NULL) <> ("data_product_id" IS NULL)',
)
export class InputSetMember extends UuidKeyed {
  /** Set that it belongs to. */
  @UuidReference({ comment: 'Set that it belongs to' })
  inputSetId!: string;

  @ManyToOne(
    () => InputSet,
    (inputSet) => inputSet.members,
    { nullable: false, onDelete: 'CASCADE' },
  )
  inputSet?: InputSet;

  /** Raw data package; null: a product. */
  @UuidReference({ comment: 'Raw data package', null: 'a product' })
  rawDataPackageId!: string | null;

  @ManyToOne(() => RawDataPackage, { nullable: true, onDelete: 'RESTRICT' })
  rawDataPackage?: RawDataPackage | null;

  /** Product of an earlier run; null: a raw data package. */
  @UuidReference({ comment: 'Product of an earlier run', null: 'a raw data package' })
  dataProductId!: string | null;

  @ManyToOne(() => DataProduct, { nullable: true, onDelete: 'RESTRICT' })
  dataProduct?: DataProduct | null;
}
