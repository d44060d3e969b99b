/*
 * Texts of the schema reference on domains, tables and indexes that are not in their metadata. The contract tests
 * compare the names with the model: every table has its writers, every index the query that it serves.
 */

/** What the tables of a domain are about, by the name of its folder. */
export const DOMAIN_PURPOSES: Readonly<Record<string, string>> = {
  observatory: 'The observatory, its telescope, and what is mounted on it',
  planning: 'What is to be observed, how, and under which conditions',
  execution: 'What was observed, when, and in what weather',
  data: 'The files that came of it, and the packages that they travel in',
  location: 'Where data can lie, and where every copy lies or has lain',
  transfer: 'The way from the telescope to the archives and back to the computers',
  reduction: 'What is made of the data, by which software, from which input',
  history: 'Every step of every status',
  access: 'Who may do what',
};

const SEED = 'the seed';
const OPERATORS = 'operators';
const PLANNERS = 'the seed, planners, the scheduler';
const ADMINISTRATORS = 'the seed, administrators';

/** Who writes the rows of a table, by the name of the table. */
export const TABLE_WRITERS: Readonly<Record<string, string>> = {
  observatory: SEED,
  telescope: SEED,
  instrument: `${SEED}; the scheduler: availability`,
  instrument_slot: SEED,
  instrument_module: `${SEED}; the scheduler: availability`,
  instrument_module_configuration: PLANNERS,

  observing_program: PLANNERS,
  sub_observing_program: PLANNERS,
  time_allocation: PLANNERS,
  spectral_line: SEED,
  source: PLANNERS,
  source_name: 'the database, when a source is written',
  obs_mode: SEED,
  obs_mode_instrument: SEED,
  observation_configuration: PLANNERS,
  chai_inpar_parameter: PLANNERS,
  chai_tiling: PLANNERS,
  obs_unit: `${PLANNERS}: availability and state`,
  obs_unit_module_configuration: PLANNERS,
  pre_scheduled_slot: PLANNERS,

  executed_obs_unit: 'the instruments, by `startObservation` and `finishObservation`',

  time_correction: OPERATORS,

  raw_data_file:
    'the instruments, by `fileRawDataFiles`; the package manager: the package; `assignExecutions`: the execution',
  raw_data_file_instrument_module: 'the instruments, by `fileRawDataFiles`',
  raw_data_package:
    'the package manager, by `fileRawDataPackage`; its workers and the archive workers: status and state',
  raw_data_package_metadata: 'the package manager',
  data_transfer_package: 'the bundle manager and its workers',

  site: `${SEED}, ${OPERATORS}`,
  data_location: `${SEED}; ${OPERATORS}: availability`,
  physical_copy: 'every worker that makes, verifies or deletes a copy; rows are never deleted',
  location_usage_entry: 'triggers of the database, with every statement that makes, moves or ends copies',
  deletion_policy: `${SEED}, ${OPERATORS}`,
  retention_policy: OPERATORS,

  copy_verification: 'the manager of the storage and its workers, which read copies',
  copy_repair: 'the manager of the storage and its workers, which write copies anew',
  data_transfer_route: `${SEED}, ${OPERATORS}`,
  data_transfer: 'the transfer manager and its workers',
  data_transfer_unpacking: 'the transfer workers at the end of a transfer; the unpacking workers',
  data_transfer_log: 'the transfer workers',
  long_term_archive_transfer: 'the archive manager and its workers',
  staging_job: 'whoever needs data for reduction; the staging workers',
  staging_job_raw_data_package: 'whoever makes the staging job',

  data_grouping: `${SEED}, scientists`,
  pipeline: `${SEED}, scientists`,
  reduction_software: `${SEED}, scientists`,
  reduction_software_version: `${SEED}; whoever releases the software, by \`registerVersion\``,
  reduction_step_config: `${SEED}, scientists`,
  reduction_step: `${SEED}, scientists`,
  reduction_step_dependency: `${SEED}, scientists`,
  input_set: 'the workflow manager, by `createRun`',
  input_set_member: 'the workflow manager, by `createRun`',
  executed_reduction_step: 'the workflow manager, by `createRun`; the reduction workers: status and figures',
  data_product: 'the reduction workers',

  status_history: 'this package, with every step of a status',

  user: `${ADMINISTRATORS}, the sign-in of the web page`,
  role: ADMINISTRATORS,
  permission: ADMINISTRATORS,
  role_permission: ADMINISTRATORS,
  user_role: ADMINISTRATORS,
  api_token: 'users, by `createApiToken` and `revokeApiToken`; `authenticate`: the last use',
};

/** The query that an index serves, by the name of the index; numbers are those of docs/queries.md. */
export const INDEX_USES: Readonly<Record<string, string>> = {
  ix_telescope__observatory_id: 'telescopes of an observatory',
  ix_instrument__telescope_id: 'instruments of a telescope',

  ix_observing_program__instrument_id: 'programs of an instrument',
  ix_source__sky_cell: 'sources in a cone',
  ix_source__field: 'fields in a cone',
  ix_source_name__source_id: 'names of a source, when it is written',
  uq_time_allocation__of_program: 'one allocation of a program in a period',
  uq_time_allocation__of_project: 'one allocation of a project in a period',
  ix_obs_unit__source_id: 'obs units of a source; packages of a source (14)',
  ix_obs_unit__observing_program_id: 'obs units of a program',
  ix_obs_unit__sub_observing_program_id: 'obs units of a project',
  ix_obs_unit__obs_mode_id: 'obs units of a mode',
  ix_obs_unit__observation_configuration_id: 'obs units with a configuration',
  ix_obs_unit__line_id: 'obs units of a spectral line',
  ix_obs_unit_module_configuration__module_configuration_id: 'obs units with a set-up of a module',
  ix_obs_mode_instrument__instrument_id: 'modes of an instrument',
  ix_chai_inpar_parameter__spectral_line_id: 'tunings that take a line',
  ix_pre_scheduled_slot__start_time: 'slots of a night',

  ix_executed_obs_unit__sky_cell: 'what was observed in a cone, of targets that move',
  ix_executed_obs_unit__start_time: 'recent observations (12)',
  ix_executed_obs_unit__observing_night: 'observations of a night (12)',
  ix_executed_obs_unit__running: 'what is being observed; its files are not packaged yet (1)',
  ix_executed_obs_unit__obs_unit_id_start_time: 'executions of an obs unit, the latest first (11, 14)',

  ix_time_correction__start_time: 'corrections of the time of some nights',

  ix_raw_data_file__raw_data_package_id: 'files of a package (8)',
  ix_raw_data_file__execution_unknown: 'files of which the execution is not known yet',
  uq_raw_data_file__path_without_execution: 'file of no execution that was filed before',
  ix_raw_data_file_instrument_module__instrument_module_id: 'files that a module has written among others',
  ix_raw_data_file__unpackaged: 'unpackaged files at a source, in groups (1)',
  ix_raw_data_package__data_transfer_package_id: 'packages of a bundle (7)',
  ix_raw_data_package__listed: 'pages of packages by state (13)',
  ix_raw_data_package__in_hand: 'packages whose builder is silent (10)',
  ix_raw_data_package__failed: 'packages that could not be built (10)',
  ix_raw_data_package__waiting: 'built packages that are not bundled (3)',
  ix_raw_data_package__pending: 'claim packages to build (2)',
  ix_data_transfer_package__in_hand: 'bundles whose builder is silent (10)',
  ix_data_transfer_package__failed: 'bundles that could not be built (10)',
  ix_data_transfer_package__pending: 'claim bundles to build (2)',

  ix_physical_copy__in_hand: 'copies that are being deleted at a location (8, 10)',
  ix_physical_copy__kept: 'copies that somebody holds',
  ix_physical_copy__bad: 'bad copies, for their repair and as an alarm',
  ix_physical_copy__verified: 'copies whose verification is due, those of longest ago first',
  ix_physical_copy__held: 'what lies at a location: packages to archive (5), copies that may go (7, 8, 9)',
  ix_location_usage_entry__data_location_id_copy_type_copy_status: 'what lies at a location',
  uq_retention_policy__of_place: 'retention of a kind at a place',
  uq_retention_policy__of_type: 'retention of a kind at places of a type',
  uq_physical_copy__file_at_location: 'copies of files (6, 8); one at each location',
  uq_physical_copy__package_at_location: 'copies of a package (3, 6); one at each location',
  uq_physical_copy__bundle_at_location: 'copies of a bundle (6); one at each location',
  uq_physical_copy__product_at_location: 'copies of a product (6); one at each location',

  ix_data_transfer_route__origin_site_id: 'routes from a site',
  ix_data_transfer_route__destination_site_id: 'routes to a site',
  uq_data_transfer__live: 'the transfers of a bundle; only one to each place, but for failed ones',
  ix_data_transfer__in_hand: 'transfers whose worker is silent (10)',
  ix_data_transfer__failed: 'transfers that failed (10)',
  ix_data_transfer__revivable: 'failed transfers that may be tried again: the deletion rule (9)',
  ix_data_transfer__pending: 'claim transfers (2)',
  ix_data_transfer_log__data_transfer_id_created_at: 'logs of a transfer, in order',
  ix_data_transfer_unpacking__in_hand: 'unpackings whose worker is silent (10)',
  ix_data_transfer_unpacking__failed: 'unpackings that failed (10)',
  ix_data_transfer_unpacking__revivable: 'failed unpackings that may be tried again: the deletion rule (9)',
  ix_data_transfer_unpacking__pending: 'claim unpackings (2); transfers that are not unpacked (4)',
  uq_long_term_archive_transfer__live:
    'packages not on their way to the archive (5); only one to each place, but for failed ones',
  ix_long_term_archive_transfer__in_hand: 'archivings whose worker is silent (10)',
  ix_long_term_archive_transfer__failed: 'archivings that failed (10)',
  ix_long_term_archive_transfer__revivable:
    'failed archivings that may be tried again: the deletion rule (9)',
  ix_long_term_archive_transfer__pending: 'claim archivings (2)',
  ix_copy_verification__pending: 'claim verifications (2)',
  ix_copy_verification__in_hand: 'verifications whose worker is silent (10)',
  ix_copy_verification__failed: 'verifications that failed (10)',
  uq_copy_verification__live: 'one verification of a copy at a time',
  ix_copy_repair__pending: 'claim repairs (2)',
  ix_copy_repair__in_hand: 'repairs whose worker is silent (10)',
  ix_copy_repair__failed: 'repairs that failed (10)',
  ix_copy_repair__source: 'good copies that a repair needs (9)',
  uq_copy_repair__live: 'one repair of a copy at a time; copies that are being repaired (9)',
  ix_staging_job__active: 'copies that a staging job needs (9)',
  ix_staging_job__in_hand: 'staging jobs whose worker is silent (10)',
  ix_staging_job__failed: 'staging jobs that failed (10)',
  ix_staging_job__pending: 'claim staging jobs (2)',
  ix_staging_job_raw_data_package__raw_data_package_id: 'staging jobs of a package (9)',

  ix_data_grouping__instrument_module_id: 'groupings of a module',
  ix_pipeline__data_grouping_id: 'pipelines of a grouping',
  ix_pipeline__enabled: 'pipelines that run at a location',
  ix_reduction_step__reduction_software_id: 'steps that use a software',
  ix_reduction_step__reduction_step_config_id: 'steps with a configuration',
  ix_executed_reduction_step__input_set_id: 'runs that read an input set',
  ix_data_product__dims: 'products of some dimensions; PostgreSQL only',
  ix_executed_reduction_step__dims: 'runs of some dimensions; PostgreSQL only',
  ix_executed_reduction_step__with_warnings: 'what completed with warnings, in status, night and report',
  ix_executed_reduction_step__in_hand: 'runs whose worker is silent (10)',
  ix_executed_reduction_step__reading: 'runs that still read their input (9)',
  ix_executed_reduction_step__failed: 'runs that failed',
  ix_executed_reduction_step__retryable: 'runs that failed and may be tried again (10)',
  ix_executed_reduction_step__pending: 'claim runs (2)',
  uq_executed_reduction_step__live: 'the live run of an input with a version; there is one at most',
  ix_executed_reduction_step__division: 'runs of a division, the latest last; runs that a step lacks (14)',
  uq_input_set_member__product: 'products of an input set, each once',
  ix_input_set_member__raw_data_package_id: 'runs that read a package; products of a file',
  ix_input_set_member__data_product_id: 'runs that read a product (9)',

  ix_status_history__row_id_changed_at: 'what became of a row',
  ix_status_history__transaction_number: 'changes that a follower has not seen yet',

  uq_api_token__name_of_user: 'live tokens of a user, each name once',
  ix_role_permission__permission_id: 'roles with a permission',
  ix_user_role__role_id: 'users with a role',
};
