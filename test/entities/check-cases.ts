import type { Trial, Values } from './trial.js';

type Given = Values | ((trial: Trial) => Values);

/** What a check with a name of its own refuses and allows, as changes of the one row of a class. */
export interface CheckCase {
  readonly constraint: string;
  readonly entity: string;
  readonly refused: readonly Given[];
  readonly allowed: readonly Given[];
}

const NOON = new Date('2026-11-24T12:00:00Z');
const JUST_BEFORE_NOON = new Date(NOON.getTime() - 1);
const JUST_AFTER_NOON = new Date(NOON.getTime() + 1);
const CHECKSUM = { checksum: 'c'.repeat(64), checksumAlgorithm: 'sha256' };
const BUILT = { status: 'completed', relativePath: '1.tar', sizeBytes: 0, ...CHECKSUM };

const builtIsDescribed = {
  refused: [
    { status: 'completed' },
    { ...BUILT, relativePath: null },
    { ...BUILT, sizeBytes: null },
    { ...BUILT, checksum: null, checksumAlgorithm: null },
  ],
  allowed: [BUILT, { status: 'failed' }],
};
const availableOnlyWhenFit = {
  refused: [
    { available: true, availability: 'standby' },
    { available: true, availability: 'retired' },
  ],
  allowed: [
    { available: false, availability: 'standby' },
    { available: true, availability: 'commissioning' },
  ],
};
const locationsDiffer = {
  refused: [(trial: Trial) => ({ destinationLocationId: location(trial, 'DiskDataLocation') })],
  allowed: [(trial: Trial) => ({ destinationLocationId: location(trial, 'TapeDataLocation') })],
};

/** Two numbers of which the second must be larger. */
const ordered = (low: string, high: string) => ({
  refused: [
    { [low]: 50, [high]: 50 },
    { [low]: 50.001, [high]: 50 },
  ],
  allowed: [{ [low]: 50, [high]: 50.001 }],
});

/** Two values that are there both or not at all. */
const both = (first: Values, second: Values) => ({
  refused: [
    { ...first, ...absent(second) },
    { ...absent(first), ...second },
  ],
  allowed: [
    { ...first, ...second },
    { ...absent(first), ...absent(second) },
  ],
});
const absent = (values: Values) => Object.fromEntries(Object.keys(values).map((name) => [name, null]));

/** The disk is what everything leaves from; the sites of the three locations differ. */
const location = (trial: Trial, entity: string) => trial.valueOf(entity, 'id') ?? null;
const siteOf = (trial: Trial, entity: string) => trial.valueOf(entity, 'siteId') ?? null;

export const checkCases: readonly CheckCase[] = [
  // access
  {
    constraint: 'ck_api_token__revoked_is_inactive',
    entity: 'ApiToken',
    refused: [{ revokedAt: NOON, active: true }],
    allowed: [
      { revokedAt: NOON, active: false },
      { revokedAt: null, active: false },
    ],
  },
  {
    constraint: 'ck_permission__name_is_action_and_resource',
    entity: 'Permission',
    refused: [{ name: 'read' }, { name: 'read:' }, { name: ':files' }, { name: 'read:files:all' }],
    allowed: [{ name: 'r:f' }],
  },
  // observatory
  {
    constraint: 'ck_telescope__elevation_limits_ordered',
    entity: 'Telescope',
    ...ordered('elevationMinDeg', 'elevationMaxDeg'),
  },
  {
    constraint: 'ck_telescope__azimuth_limits_ordered',
    entity: 'Telescope',
    ...ordered('azimuthMinDeg', 'azimuthMaxDeg'),
  },
  {
    constraint: 'ck_telescope__sun_warning_outside_exclusion',
    entity: 'Telescope',
    refused: [{ sunExclusionDeg: 30, sunWarningDeg: 29.999 }],
    allowed: [{ sunExclusionDeg: 30, sunWarningDeg: 30 }],
  },
  {
    constraint: 'ck_instrument__available_only_when_fit',
    entity: 'Instrument',
    ...availableOnlyWhenFit,
  },
  {
    constraint: 'ck_instrument_module__available_only_when_fit',
    entity: 'InstrumentModule',
    ...availableOnlyWhenFit,
  },
  {
    constraint: 'ck_instrument_module__frequencies_ordered',
    entity: 'InstrumentModule',
    ...ordered('frequencyMinGhz', 'frequencyMaxGhz'),
  },
  {
    constraint: 'ck_instrument_module__if_band_ordered',
    entity: 'InstrumentModule',
    ...ordered('ifMinGhz', 'ifMaxGhz'),
  },
  // planning
  {
    constraint: 'ck_fixed_source__velocity_with_frame',
    entity: 'FixedSource',
    ...both({ velocityKms: 9 }, { velocityFrame: 'lsrk' }),
  },
  {
    constraint: 'ck_fixed_source__flux_with_wavelength',
    entity: 'FixedSource',
    ...both({ fluxJy: 9 }, { fluxWavelengthUm: 350 }),
  },
  {
    constraint: 'ck_fixed_source__off_position_whole',
    entity: 'FixedSource',
    ...both({ offLongitudeArcsec: 600, offLatitudeArcsec: 0 }, { offFrame: 'galactic' }),
  },
  {
    constraint: 'ck_fixed_source__off_position_whole',
    entity: 'FixedSource',
    ...both({ offLongitudeArcsec: 600, offFrame: 'galactic' }, { offLatitudeArcsec: 0 }),
  },
  {
    constraint: 'ck_solar_system_object__diameters_ordered',
    entity: 'SolarSystemObject',
    refused: [{ angularDiameterMinArcsec: 25.001, angularDiameterMaxArcsec: 25 }],
    allowed: [{ angularDiameterMinArcsec: 25, angularDiameterMaxArcsec: 25 }],
  },
  {
    constraint: 'ck_constant_elevation_source__center_whole',
    entity: 'ConstantElevationSource',
    refused: [
      { fieldShape: 'circle', centerRaDeg: null },
      { fieldShape: 'rectangle', centerDecDeg: null },
    ],
    allowed: [
      { fieldShape: 'declination_range', centerRaDeg: null, centerDecDeg: null },
      (trial) => ({
        centerRaDeg: null,
        centerDecDeg: null,
        followsSourceId: trial.valueOf('SolarSystemObject', 'id') ?? null,
      }),
    ],
  },
  {
    constraint: 'ck_obs_unit__available_only_when_active',
    entity: 'ObsUnit',
    refused: [{ available: true, state: 'on_hold' }],
    allowed: [
      { available: false, state: 'on_hold' },
      { available: false, state: 'active' },
    ],
  },
  {
    constraint: 'ck_obs_unit__elevation_limits_ordered',
    entity: 'ObsUnit',
    ...ordered('elevationMinDeg', 'elevationMaxDeg'),
  },
  {
    constraint: 'ck_obs_unit__azimuth_limits_ordered',
    entity: 'ObsUnit',
    ...ordered('azimuthMinDeg', 'azimuthMaxDeg'),
  },
  {
    constraint: 'ck_obs_unit__period_ordered',
    entity: 'ObsUnit',
    refused: [{ notBefore: NOON, notAfter: NOON }],
    allowed: [{ notBefore: NOON, notAfter: JUST_AFTER_NOON }, { notBefore: NOON }, { notAfter: NOON }],
  },
  {
    constraint: 'ck_obs_unit__lsa_limits_both',
    entity: 'ObsUnit',
    ...both({ minLsa: 350 }, { maxLsa: 10 }),
  },
  {
    constraint: 'ck_fixed_source__velocity_below_light',
    entity: 'FixedSource',
    refused: [
      { velocityKms: 599585, velocityFrame: 'unstated' },
      { velocityKms: 599585, velocityFrame: 'unstated', velocityConvention: 'radio' },
    ],
    allowed: [{ velocityKms: 599585, velocityFrame: 'unstated', velocityConvention: 'optical' }],
  },
  {
    constraint: 'ck_obs_unit__lsa_limits_differ',
    entity: 'ObsUnit',
    refused: [{ minLsa: 310, maxLsa: 310 }],
    allowed: [{ minLsa: 310, maxLsa: 10 }],
  },
  {
    constraint: 'ck_pre_scheduled_slot__times_ordered',
    entity: 'PreScheduledSlot',
    refused: [{ startTime: NOON, endTime: NOON }],
    allowed: [{ startTime: NOON, endTime: JUST_AFTER_NOON }],
  },
  // execution
  {
    constraint: 'ck_executed_obs_unit__running_has_no_end',
    entity: 'ExecutedObsUnit',
    refused: [{ endTime: NOON }, { status: 'completed' }, { status: 'aborted' }],
    allowed: [{ status: 'completed', endTime: NOON }],
  },
  {
    constraint: 'ck_executed_obs_unit__times_ordered',
    entity: 'ExecutedObsUnit',
    refused: [{ status: 'completed', startTime: NOON, endTime: JUST_BEFORE_NOON }],
    allowed: [{ status: 'completed', startTime: NOON, endTime: NOON }],
  },
  {
    constraint: 'ck_executed_obs_unit__position_whole',
    entity: 'ExecutedObsUnit',
    refused: [{ raDeg: 10 }, { decDeg: 10 }],
    allowed: [{ raDeg: 10, decDeg: 10 }],
  },
  {
    constraint: 'ck_time_correction__times_ordered',
    entity: 'TimeCorrection',
    refused: [{ startTime: NOON, endTime: NOON }],
    allowed: [{ startTime: JUST_BEFORE_NOON, endTime: NOON }],
  },
  {
    constraint: 'ck_time_correction__charged_has_program',
    entity: 'TimeCorrection',
    refused: [{ use: 'charged' }],
    allowed: [{ use: 'idle' }],
  },
  {
    constraint: 'ck_time_allocation__nights_ordered',
    entity: 'TimeAllocation',
    refused: [{ firstNight: '2026-10-02', lastNight: '2026-10-01' }],
    allowed: [{ firstNight: '2026-10-01', lastNight: '2026-10-01' }],
  },
  // data
  {
    constraint: 'ck_raw_data_package__built_is_described',
    entity: 'RawDataPackage',
    ...builtIsDescribed,
  },
  {
    constraint: 'ck_data_transfer_package__built_is_described',
    entity: 'DataTransferPackage',
    ...builtIsDescribed,
  },
  // location
  {
    constraint: 'ck_data_location__active_only_when_usable',
    entity: 'DiskDataLocation',
    refused: [
      { active: true, availability: 'offline' },
      { active: true, availability: 'retired' },
    ],
    allowed: [
      { active: false, availability: 'offline' },
      { active: true, availability: 'read_only' },
    ],
  },
  {
    constraint: 'ck_data_location__verified_later_than_kept',
    entity: 'DiskDataLocation',
    refused: [{ verifyAfterDays: 14, retentionDays: 14 }],
    allowed: [{ verifyAfterDays: 15, retentionDays: 14 }, { verifyAfterDays: 1 }],
  },
  {
    constraint: 'ck_data_location__high_has_low',
    entity: 'DiskDataLocation',
    refused: [{ highWatermarkBytes: 2 }, { lowWatermarkBytes: 1 }],
    allowed: [{ highWatermarkBytes: 2, lowWatermarkBytes: 1 }],
  },
  {
    constraint: 'ck_data_location__low_below_high',
    entity: 'DiskDataLocation',
    refused: [{ highWatermarkBytes: 1, lowWatermarkBytes: 2 }],
    allowed: [{ highWatermarkBytes: 1, lowWatermarkBytes: 1 }],
  },
  {
    constraint: 'ck_data_location__high_within_capacity',
    entity: 'DiskDataLocation',
    refused: [{ capacityBytes: 1, highWatermarkBytes: 2, lowWatermarkBytes: 0 }],
    allowed: [{ capacityBytes: 2, highWatermarkBytes: 2, lowWatermarkBytes: 0 }],
  },
  {
    constraint: 'ck_physical_copy__held_with_reason',
    entity: 'RawDataFilePhysicalCopy',
    refused: [{ keepUntil: NOON }, { keepUntil: NOON, keepReason: 'figure' }, { keptBy: 'astronomer' }],
    allowed: [{ keepUntil: NOON, keepReason: 'figure', keptBy: 'astronomer' }],
  },
  {
    constraint: 'ck_physical_copy__bad_has_reason',
    entity: 'RawDataFilePhysicalCopy',
    refused: [{ status: 'bad', badSince: NOON }, { badReason: 'tape torn' }],
    allowed: [{ status: 'bad', badSince: NOON, badReason: 'tape torn' }],
  },
  {
    constraint: 'ck_physical_copy__bad_never_counts',
    entity: 'RawDataFilePhysicalCopy',
    refused: [
      { status: 'bad' },
      { status: 'present', badSince: NOON, badReason: 'tape torn' },
      { status: 'deletion_possible', badSince: NOON, badReason: 'tape torn' },
    ],
    allowed: [{ status: 'deletion_scheduled', badSince: NOON, badReason: 'tape torn' }],
  },
  {
    constraint: 'ck_copy_verification__completed_has_result',
    entity: 'CopyVerification',
    refused: [{ status: 'completed' }],
    allowed: [{ status: 'completed', result: 'gone' }, { status: 'failed' }],
  },
  {
    constraint: 'ck_copy_repair__copies_differ',
    entity: 'CopyRepair',
    refused: [(trial) => ({ sourceCopyId: trial.valueOf('CopyRepair', 'physical_copy_id') as string })],
    allowed: [{ status: 'failed' }],
  },
  {
    constraint: 'ck_physical_copy__verified_has_checksum',
    entity: 'RawDataFilePhysicalCopy',
    refused: [{ verifiedAt: NOON }],
    allowed: [{ verifiedAt: NOON, ...CHECKSUM }, CHECKSUM],
  },
  {
    constraint: 'ck_physical_copy__deleted_has_time',
    entity: 'RawDataFilePhysicalCopy',
    refused: [{ status: 'deleted' }, { deletedAt: NOON }],
    allowed: [{ status: 'deleted', deletedAt: NOON }],
  },
  ...['RawDataFilePhysicalCopy', 'DataProductPhysicalCopy'].map((entity) => ({
    constraint: 'ck_physical_copy__deletion_possible_only_unpacked',
    entity,
    refused: [],
    allowed: [{ status: 'deletion_possible' }],
  })),
  ...['RawDataPackagePhysicalCopy', 'DataTransferPackagePhysicalCopy'].map((entity) => ({
    constraint: 'ck_physical_copy__deletion_possible_only_unpacked',
    entity,
    refused: [{ status: 'deletion_possible' }],
    allowed: [{ status: 'deletion_scheduled' }],
  })),
  // transfer
  {
    constraint: 'ck_data_transfer_route__sites_differ',
    entity: 'DataTransferRoute',
    refused: [(trial) => ({ destinationSiteId: siteOf(trial, 'DiskDataLocation') })],
    allowed: [(trial) => ({ destinationSiteId: siteOf(trial, 'TapeDataLocation') })],
  },
  {
    constraint: 'ck_data_transfer_route__relay_has_site',
    entity: 'DataTransferRoute',
    refused: [
      { routeType: 'relay' },
      (trial) => ({ routeType: 'direct', relaySiteId: siteOf(trial, 'TapeDataLocation') }),
    ],
    allowed: [(trial) => ({ routeType: 'relay', relaySiteId: siteOf(trial, 'TapeDataLocation') })],
  },
  {
    constraint: 'ck_data_transfer_route__relay_is_third_site',
    entity: 'DataTransferRoute',
    refused: ['DiskDataLocation', 'S3DataLocation'].map((entity) => (trial: Trial) => ({
      routeType: 'relay',
      relaySiteId: siteOf(trial, entity),
    })),
    allowed: [(trial) => ({ routeType: 'relay', relaySiteId: siteOf(trial, 'TapeDataLocation') })],
  },
  {
    constraint: 'ck_data_transfer_route__custom_has_locations',
    entity: 'DataTransferRoute',
    refused: [
      { routeType: 'custom' },
      (trial) => ({ routeType: 'custom', originLocationId: location(trial, 'DiskDataLocation') }),
      (trial) => ({ routeType: 'custom', destinationLocationId: location(trial, 'S3DataLocation') }),
    ],
    allowed: [
      (trial) => ({
        routeType: 'custom',
        originLocationId: location(trial, 'DiskDataLocation'),
        destinationLocationId: location(trial, 'S3DataLocation'),
      }),
    ],
  },
  {
    constraint: 'ck_data_transfer__locations_differ',
    entity: 'DataTransfer',
    ...locationsDiffer,
  },
  {
    constraint: 'ck_long_term_archive_transfer__locations_differ',
    entity: 'LongTermArchiveTransfer',
    ...locationsDiffer,
  },
  {
    constraint: 'ck_staging_job__released_is_inactive',
    entity: 'StagingJob',
    refused: [{ active: false }, { releasedAt: NOON }],
    allowed: [{ active: false, releasedAt: NOON }],
  },
  {
    constraint: 'ck_staging_job__destination_is_for_processing',
    entity: 'StagingJob',
    refused: [{ destinationType: 'buffer' }, { destinationType: 'long_term_archive' }],
    allowed: [{ destinationType: 'processing' }],
  },
  // data
  {
    constraint: 'ck_raw_data_file__of_one_execution_or_none',
    entity: 'RawDataFile',
    refused: [{ ofNoExecution: true }],
    allowed: [{ ofNoExecution: true, executedObsUnitId: null }],
  },
  {
    constraint: 'ck_raw_data_file__found_by_module_or_session',
    entity: 'RawDataFile',
    refused: [
      { executedObsUnitId: null, recordedAt: null },
      { executedObsUnitId: null, recordedAt: NOON, instrumentModuleId: null, readoutSession: null },
    ],
    allowed: [
      { executedObsUnitId: null, recordedAt: NOON },
      { executedObsUnitId: null, recordedAt: NOON, instrumentModuleId: null, readoutSession: 1795100000 },
      { executedObsUnitId: null, recordedAt: null, instrumentModuleId: null, ofNoExecution: true },
    ],
  },
  // reduction
  {
    constraint: 'ck_reduction_software_version__contract_supported',
    entity: 'ReductionSoftwareVersion',
    refused: [{ contractVersion: 2 }, { contractVersion: 0 }],
    allowed: [{ contractVersion: 1 }, { contractVersion: null }],
  },
  {
    constraint: 'ck_reduction_software_version__tool_has_contract',
    entity: 'ReductionSoftwareVersion',
    refused: [{ tool: '{}' }],
    allowed: [{ tool: '{}', contractVersion: 1 }],
  },
  {
    constraint: 'ck_reduction_step__name_is_folder_name',
    entity: 'ReductionStep',
    refused: [{ name: 'a/b' }, { name: '.' }, { name: '..' }],
    allowed: [{ name: 'a b.c' }],
  },
  {
    constraint: 'ck_reduction_step_dependency__upstream_is_earlier',
    entity: 'ReductionStepDependency',
    refused: [
      { position: 1, upstreamPosition: 1 },
      { position: 1, upstreamPosition: 2 },
    ],
    allowed: [{ position: 2, upstreamPosition: 1 }],
  },
  {
    constraint: 'ck_executed_reduction_step__key_is_folder_name',
    entity: 'ExecutedReductionStep',
    refused: [
      { subGroupKey: 'a/b' },
      { subGroupKey: '.' },
      { subGroupKey: '..' },
      { subGroupKey: 'a'.repeat(256) },
    ],
    allowed: [{ subGroupKey: 'source=ECDFS+instrument_module=280 GHz' }, { subGroupKey: 'a'.repeat(255) }],
  },
  {
    constraint: 'ck_executed_reduction_step__only_completed_warns',
    entity: 'ExecutedReductionStep',
    refused: [{ withWarnings: true }],
    allowed: [{ withWarnings: true, status: 'completed' }],
  },
  {
    constraint: 'ck_reduction_step__pinned_has_version',
    entity: 'ReductionStep',
    refused: [
      { versionPolicy: 'pinned' },
      (trial) => ({ pinnedVersionId: trial.valueOf('ReductionSoftwareVersion', 'id') ?? null }),
    ],
    allowed: [
      (trial) => ({
        versionPolicy: 'pinned',
        pinnedVersionId: trial.valueOf('ReductionSoftwareVersion', 'id') ?? null,
      }),
    ],
  },
  {
    constraint: 'ck_input_set_member__package_or_product',
    entity: 'InputSetMember',
    refused: [
      { rawDataPackageId: null },
      (trial) => ({ dataProductId: trial.valueOf('DataProduct', 'id') ?? null }),
    ],
    allowed: [
      (trial) => ({
        rawDataPackageId: null,
        dataProductId: trial.valueOf('DataProduct', 'id') ?? null,
      }),
    ],
  },
];
