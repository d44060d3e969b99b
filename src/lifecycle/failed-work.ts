/*
 * Failed work may be tried again (`retryWork`) until somebody gives it up (`giveUpWork`) or other work has taken its place. As long
 * as it may, the deletion rule keeps what it reads.
 */

/** By table: that other work has taken the place of the work under an alias. The place of a repair is taken once its copy is bad no more. */
const REPLACED: Readonly<Record<string, (work: string) => string>> = {
  data_transfer: (work) => `EXISTS (
      SELECT 1 FROM data_transfer again WHERE again.data_transfer_package_id = ${work}.data_transfer_package_id
        AND again.destination_location_id = ${work}.destination_location_id AND again.status <> 'failed'
    )`,
  long_term_archive_transfer: (work) => `EXISTS (
      SELECT 1 FROM long_term_archive_transfer again WHERE again.raw_data_package_id = ${work}.raw_data_package_id
        AND again.destination_location_id = ${work}.destination_location_id AND again.status <> 'failed'
    )`,
  executed_reduction_step: (work) => `EXISTS (
      SELECT 1 FROM executed_reduction_step again
      WHERE again.reduction_step_id = ${work}.reduction_step_id AND again.sub_group_key = ${work}.sub_group_key
        AND again.status NOT IN ('failed', 'cancelled') AND (again.created_at, again.id) > (${work}.created_at, ${work}.id)
    )`,
  copy_repair: (work) => `NOT EXISTS (
      SELECT 1 FROM physical_copy bad WHERE bad.id = ${work}.physical_copy_id AND bad.status = 'bad'
    )`,
};

/**
 * That work has failed and may be tried again. In the words of an index.
 * @param table of the work
 * @param work its alias
 */
export function mayBeTriedAgain(table: string, work: string): string {
  const replaced = REPLACED[table]?.(work);
  return `${work}.status = 'failed' AND ${work}.given_up_at IS NULL${replaced ? ` AND NOT ${replaced}` : ''}`;
}
