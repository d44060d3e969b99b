import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { DataProduct, RawDataFile, RawDataPackage } from '../../entities/index.js';
import { uuidOf } from '../../values/arguments.js';

/** What a product goes back to, as queries that have not run: `getMany()`, `getCount()`, `stream()`. */
export interface Lineage {
  /** Products of earlier steps; alias `product`. */
  readonly products: SelectQueryBuilder<DataProduct>;
  /** Raw data packages; alias `package`. */
  readonly packages: SelectQueryBuilder<RawDataPackage>;
  /** The files in these packages; alias `file`. */
  readonly files: SelectQueryBuilder<RawDataFile>;
}

const ANCESTORS = `
  WITH RECURSIVE ancestor (raw_data_package_id, data_product_id) AS (
    SELECT member.raw_data_package_id, member.data_product_id
    FROM data_product product
    JOIN executed_reduction_step run ON run.id = product.executed_reduction_step_id
    JOIN input_set_member member ON member.input_set_id = run.input_set_id
    WHERE product.id = :productId
    UNION
    SELECT member.raw_data_package_id, member.data_product_id
    FROM ancestor
    JOIN data_product product ON product.id = ancestor.data_product_id
    JOIN executed_reduction_step run ON run.id = product.executed_reduction_step_id
    JOIN input_set_member member ON member.input_set_id = run.input_set_id
  )`;
const ANCESTOR_PRODUCTS = `${ANCESTORS} SELECT data_product_id FROM ancestor`;
const ANCESTOR_PACKAGES = `${ANCESTORS} SELECT raw_data_package_id FROM ancestor`;

const DESCENDANTS = `
  WITH RECURSIVE descendant (id) AS (
    SELECT product.id
    FROM raw_data_file file
    JOIN input_set_member member ON member.raw_data_package_id = file.raw_data_package_id
    JOIN executed_reduction_step run ON run.input_set_id = member.input_set_id
    JOIN data_product product ON product.executed_reduction_step_id = run.id
    WHERE file.id = :rawDataFileId
    UNION
    SELECT product.id
    FROM descendant
    JOIN input_set_member member ON member.data_product_id = descendant.id
    JOIN executed_reduction_step run ON run.input_set_id = member.input_set_id
    JOIN data_product product ON product.executed_reduction_step_id = run.id
  )
  SELECT id FROM descendant`;

/**
 * What a data product was made from, through all steps before it; nothing for a product that is not known.
 * @param productId key of the product, a UUID
 * @throws OpsDbError `value_invalid` when it is none
 *
 * @example
 * import { DataProduct, lineageOf } from 'ccat-ops-db';
 *
 * const ofLastStep = { executedReductionStep: { reductionStep: { name: 'gridding' } } };
 * const cube = await session.findOneByOrFail(DataProduct, { type: 'science', ...ofLastStep });
 * const { products, packages, files } = lineageOf(session, cube.id);
 * console.log(await products.getCount()); // 2
 * console.log(await packages.getCount()); // 1
 * console.log((await files.getMany()).map(({ fileType }) => fileType)); // [ 'fits' ]
 */
export function lineageOf(manager: EntityManager, productId: string): Lineage {
  const parameters = { productId: uuidOf('productId', productId) };
  return {
    products: manager
      .createQueryBuilder(DataProduct, 'product')
      .where(`product.id IN (${ANCESTOR_PRODUCTS})`, parameters),
    packages: manager
      .createQueryBuilder(RawDataPackage, 'package')
      .where(`package.id IN (${ANCESTOR_PACKAGES})`, parameters),
    files: manager
      .createQueryBuilder(RawDataFile, 'file')
      .where(`file.rawDataPackageId IN (${ANCESTOR_PACKAGES})`, parameters),
  };
}

/**
 * The data products of all steps that go back to a raw data file, as a query that has not run; alias `product`. None for
 * a file that is not known or not packaged.
 * @param rawDataFileId key of the file, a UUID
 * @throws OpsDbError `value_invalid` when it is none
 *
 * @example
 * import { productsOf, RawDataFile } from 'ccat-ops-db';
 *
 * const ofObsUnit = { executedObsUnit: { obsUnit: { name: 'RScl/position_switch/CO43' } } };
 * const { id } = await session.findOneByOrFail(RawDataFile, ofObsUnit);
 * console.log(await productsOf(session, id).getCount()); // 6
 * const science = productsOf(session, id).andWhere({ type: 'science' });
 * console.log(await science.getCount()); // 1
 */
export function productsOf(manager: EntityManager, rawDataFileId: string): SelectQueryBuilder<DataProduct> {
  return manager
    .createQueryBuilder(DataProduct, 'product')
    .where(`product.id IN (${DESCENDANTS})`, { rawDataFileId: uuidOf('rawDataFileId', rawDataFileId) });
}
