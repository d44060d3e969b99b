/*
 * Where a bad copy can be had from: another copy of the same thing, or of what contains it. A file is in its package, a package in
 * its bundle.
 */

/** Ways from a bad copy `bad` to a good one `good`. */
const WAYS = [
  'JOIN physical_copy good ON good.raw_data_file_id = bad.raw_data_file_id',
  `JOIN raw_data_file inside ON inside.id = bad.raw_data_file_id
    JOIN physical_copy good ON good.raw_data_package_id = inside.raw_data_package_id`,
  'JOIN physical_copy good ON good.raw_data_package_id = bad.raw_data_package_id',
  `JOIN raw_data_package inside ON inside.id = bad.raw_data_package_id
    JOIN physical_copy good ON good.data_transfer_package_id = inside.data_transfer_package_id`,
  'JOIN physical_copy good ON good.data_transfer_package_id = bad.data_transfer_package_id',
  'JOIN physical_copy good ON good.data_product_id = bad.data_product_id',
];

/** Selects `bad_id`, `bad_place`, `bad_since`, `good_id`, `good_place` and `is_inside` of each bad copy with each good one. */
export const GOOD_SOURCES = WAYS.map(
  (way) => `SELECT bad.id AS bad_id, bad.data_location_id AS bad_place, bad.bad_since, good.id AS good_id,
      good.data_location_id AS good_place, ${way.includes('inside') ? 1 : 0} AS is_inside
    FROM physical_copy bad ${way}
    WHERE bad.status = 'bad' AND good.status = 'present'`,
).join(' UNION ALL ');

/** The same of good copies that can be read now. */
export const READABLE_SOURCES = `SELECT source.* FROM (${GOOD_SOURCES}) source
    JOIN data_location readable ON readable.id = source.good_place
    WHERE readable.availability IN ('online', 'read_only')`;

/** That a repair of the copy `bad_id` of `source` is under way. */
export const IS_UNDER_REPAIR = `EXISTS (SELECT 1 FROM copy_repair live
      WHERE live.physical_copy_id = source.bad_id AND live.status IN ('pending', 'scheduled', 'in_progress'))`;
