/*
 * Failed work can be retried (`retryWork`) until it is given up (`giveUpWork`) or replaced by other work. Until then the deletion rule
 * protects its source copies.
 */

/** By table: the condition that other work replaces the work under an alias; for a repair, that its copy is no longer bad. */
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
 * The condition that failed work can be retried, in the words of the index of such work.
 * @param table of the work
 * @param work its alias
 */
export function mayBeTriedAgain(table: string, work: string): string {
  const replaced = REPLACED[table]?.(work);
  return `${work}.status = 'failed' AND ${work}.given_up_at IS NULL${replaced ? ` AND NOT ${replaced}` : ''}`;
}
