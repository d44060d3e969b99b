import { DIALECTS, type Dialect } from './dialect.js';
import { RECTANGLE, region } from './region-sql.js';

/** The modified Julian date of 1970-01-01 [d]. */
const EPOCH_MJD = 40587;

/** The wavelength at 1 GHz [m]. */
const WAVELENGTH_AT_1_GHZ = 0.299792458;

/**
 * The authority of the publisher in every identifier. It must be registered with the IVOA before anything is published.
 */
const AUTHORITY = 'ivo://ccat.example/ops-db';

/**
 * The address of a present copy, that in a long-term archive first. Tapes are read by staging and have none.
 * @param path of a copy that has no path of its own
 */
function accessUrl({ urlPath }: Dialect, key: string, id: string, path: string): string {
  const below = `coalesce(held.path, ${path})`;
  return `(
      SELECT CASE location.storage_type
        WHEN 's3' THEN 's3://' || location.bucket || '/' || ${urlPath(`(coalesce(location.key_prefix, '') || ${below})`)}
        WHEN 'disk' THEN 'file://' || coalesce(location.host, '') || ${urlPath(`(location.path || '/' || ${below})`)}
      END
      FROM physical_copy held JOIN data_location location ON location.id = held.data_location_id
      WHERE held.${key} = ${id} AND held.status = 'present'
      ORDER BY CASE location.location_type WHEN 'long_term_archive' THEN 0 ELSE 1 END, location.priority, location.id
      LIMIT 1
    )`;
}

/** The value of all rows of a group, or null where they differ or one has none. */
function common(column: string): string {
  return `CASE WHEN min(${column}) = max(${column}) AND count(${column}) = count(*) THEN min(${column}) END`;
}

/** The module that all rows of a group have, or else their instrument. */
function instrumentOf(): string {
  return `coalesce(${common('instrument')}, ${common('whole_instrument')})`;
}

/** An aggregate that is null where one row has no value. */
function complete(aggregate: string, column: string): string {
  return `CASE WHEN count(${column}) = count(*) THEN ${aggregate}(${column}) END`;
}

/**
 * The SELECT of the view. `wrote` has the modules of each package of an execution; `set_up` has the tuning of each module in each unit; `observed` has a row for each execution and module with packages; `origin` leads from the runs with science
 * products to the packages that they go back to, through all steps before them.
 */
export function obsCoreSelect(database: keyof typeof DIALECTS): string {
  const dialect = DIALECTS[database];
  const { seconds } = dialect;
  const start = seconds('execution.start_time');
  const end = seconds('execution.end_time');
  return `
WITH RECURSIVE wrote AS NOT MATERIALIZED (
  SELECT id AS package_id, executed_obs_unit_id AS execution_id, instrument_module_id AS module_id
  FROM raw_data_package WHERE executed_obs_unit_id IS NOT NULL AND instrument_module_id IS NOT NULL
  UNION ALL
  SELECT DISTINCT package.id, package.executed_obs_unit_id, part.instrument_module_id
  FROM raw_data_package package
  JOIN raw_data_file file ON file.raw_data_package_id = package.id
  JOIN raw_data_file_instrument_module part ON part.raw_data_file_id = file.id
  WHERE package.executed_obs_unit_id IS NOT NULL AND package.instrument_module_id IS NULL
), set_up AS (
  SELECT chosen.obs_unit_id, tuning.instrument_module_id AS module_id, max(1 / tuning.sample_rate_hz) AS sample_time,
    min(CASE tuning.sideband WHEN 'usb' THEN tuning.lo_frequency_ghz + module.if_min_ghz
      WHEN 'lsb' THEN tuning.lo_frequency_ghz - module.if_max_ghz END) AS frequency_min,
    max(CASE tuning.sideband WHEN 'usb' THEN tuning.lo_frequency_ghz + module.if_max_ghz
      WHEN 'lsb' THEN tuning.lo_frequency_ghz - module.if_min_ghz END) AS frequency_max
  FROM obs_unit_module_configuration chosen
  JOIN instrument_module_configuration tuning ON tuning.id = chosen.module_configuration_id
  JOIN instrument_module module ON module.id = tuning.instrument_module_id
  GROUP BY chosen.obs_unit_id, tuning.instrument_module_id
), planned AS (
  SELECT execution.id AS execution_id, module.id AS module_id,
    program.short_name AS collection, source.name AS target,
    CASE source.field_shape WHEN 'declination_range' THEN NULL
      ELSE coalesce(source.ra_deg, source.center_ra_deg, execution.ra_deg) END AS ra,
    CASE source.field_shape WHEN 'declination_range' THEN NULL
      ELSE coalesce(source.dec_deg, source.center_dec_deg, execution.dec_deg) END AS dec,
    CASE source.field_shape
      WHEN 'circle' THEN source.width_deg
      WHEN 'rectangle' THEN sqrt(source.width_deg * source.width_deg + source.height_deg * source.height_deg)
      WHEN 'declination_range' THEN NULL
      ELSE coalesce(
        sqrt(plan.map_width_arcmin * plan.map_width_arcmin + plan.map_height_arcmin * plan.map_height_arcmin) / 60,
        module.field_of_view_deg)
    END AS fov,
    CAST(source.field_frame AS text) AS frame, source.rotation_deg AS rotation,
    CASE source.field_shape WHEN 'rectangle' THEN source.width_deg END AS width,
    CASE source.field_shape WHEN 'rectangle' THEN source.height_deg END AS height,
    module.beam_fwhm_arcsec AS beam,
    ${start} / 86400 + ${EPOCH_MJD} AS mjd_start,
    ${end} / 86400 + ${EPOCH_MJD} AS mjd_end,
    ${end} - ${start} AS duration,
    coalesce(plan.dump_time_s, set_up.sample_time) AS sample_time,
    coalesce(set_up.frequency_min, module.frequency_min_ghz,
      module.frequency_center_ghz - module.bandwidth_ghz / 2) AS frequency_min,
    coalesce(set_up.frequency_max, module.frequency_max_ghz,
      module.frequency_center_ghz + module.bandwidth_ghz / 2) AS frequency_max,
    instrument.kind = 'heterodyne_array' AS heterodyne,
    module.raw_file_format AS format,
    telescope.name AS telescope,
    instrument.name || '/' || module.name AS instrument, instrument.name AS whole_instrument
  FROM (SELECT DISTINCT execution_id, module_id FROM wrote) writer
  JOIN executed_obs_unit execution ON execution.id = writer.execution_id
  JOIN obs_unit unit ON unit.id = execution.obs_unit_id
  JOIN observing_program program ON program.id = unit.observing_program_id
  JOIN source ON source.id = unit.source_id
  LEFT JOIN observation_configuration plan ON plan.id = unit.observation_configuration_id
  JOIN instrument_module module ON module.id = writer.module_id
  JOIN instrument ON instrument.id = module.instrument_id
  JOIN telescope ON telescope.id = instrument.telescope_id
  LEFT JOIN set_up ON set_up.obs_unit_id = unit.id AND set_up.module_id = module.id
), turned AS (
  SELECT planned.*,${RECTANGLE}
  FROM planned
), observed AS (
  SELECT turned.*, ${region(dialect)} AS region
  FROM turned
), origin (run_id, package_id, product_id) AS (
  SELECT run.id, member.raw_data_package_id, member.data_product_id
  FROM executed_reduction_step run
  JOIN input_set_member member ON member.input_set_id = run.input_set_id
  WHERE run.id IN (SELECT executed_reduction_step_id FROM data_product WHERE type = 'science')
  UNION
  SELECT origin.run_id, member.raw_data_package_id, member.data_product_id
  FROM origin
  JOIN data_product product ON product.id = origin.product_id
  JOIN executed_reduction_step run ON run.id = product.executed_reduction_step_id
  JOIN input_set_member member ON member.input_set_id = run.input_set_id
), read_by AS (
  SELECT DISTINCT origin.run_id, wrote.execution_id, wrote.module_id
  FROM origin JOIN wrote ON wrote.package_id = origin.package_id
), exposure AS (
  SELECT run_id, count(*) AS executions, CAST(min(CAST(execution_id AS text)) AS text) AS execution,
    ${complete('sum', 'duration')} AS duration
  FROM (
    SELECT DISTINCT read_by.run_id, read_by.execution_id, observed.duration
    FROM read_by JOIN observed USING (execution_id, module_id)
  ) each_execution
  GROUP BY run_id
), reduced AS (
  SELECT read_by.run_id, ${common('collection')} AS collection, ${common('target')} AS target,
    ${common('ra')} AS ra, ${common('dec')} AS dec, ${common('region')} AS region,
    CASE WHEN min(ra) = max(ra) AND min(dec) = max(dec) THEN ${complete('max', 'fov')} END AS fov,
    ${common('beam')} AS beam, min(mjd_start) AS mjd_start, ${complete('max', 'mjd_end')} AS mjd_end,
    ${complete('min', 'frequency_min')} AS frequency_min, ${complete('max', 'frequency_max')} AS frequency_max,
    ${common('telescope')} AS telescope, ${instrumentOf()} AS instrument
  FROM read_by JOIN observed USING (execution_id, module_id)
  GROUP BY read_by.run_id
), joined AS (
  SELECT wrote.package_id, wrote.execution_id, ${common('collection')} AS collection, ${common('target')} AS target,
    CASE WHEN max(CASE WHEN heterodyne THEN 1 ELSE 0 END) = 0 THEN 'timeseries'
      WHEN min(CASE WHEN heterodyne THEN 1 ELSE 0 END) = 1 THEN 'spectrum' END AS type,
    ${common('ra')} AS ra, ${common('dec')} AS dec, ${complete('max', 'fov')} AS fov, ${common('region')} AS region,
    ${common('beam')} AS beam, min(mjd_start) AS mjd_start, min(mjd_end) AS mjd_end, min(duration) AS duration,
    ${common('sample_time')} AS sample_time,
    ${complete('min', 'frequency_min')} AS frequency_min, ${complete('max', 'frequency_max')} AS frequency_max,
    ${common('telescope')} AS telescope,
    ${instrumentOf()} AS instrument
  FROM wrote JOIN observed ON observed.execution_id = wrote.execution_id AND observed.module_id = wrote.module_id
  WHERE wrote.package_id IN (SELECT id FROM raw_data_package WHERE instrument_module_id IS NULL)
  GROUP BY wrote.package_id, wrote.execution_id
), held AS (
  SELECT CASE WHEN heterodyne THEN 'spectrum' ELSE 'timeseries' END AS type, 'raw' AS subtype,
    CASE WHEN format = 'fits' THEN 1 ELSE 0 END AS level, collection,
    CAST(package.executed_obs_unit_id AS text) AS observation,
    'raw_data_package/' || CAST(package.id AS text) AS identifier,
    ${accessUrl(dialect, 'raw_data_package_id', 'package.id', 'package.relative_path')} AS url,
    'application/x-tar' AS media_type, package.size_bytes AS size,
    target, ra, dec, fov, region, beam, mjd_start, mjd_end, duration, sample_time, frequency_min, frequency_max,
    CASE WHEN heterodyne THEN 'phot.antennaTemp;em.mm' END AS ucd, telescope, instrument
  FROM raw_data_package package
  JOIN observed ON observed.execution_id = package.executed_obs_unit_id
    AND observed.module_id = package.instrument_module_id
  WHERE package.state = 'archived'
  UNION ALL
  SELECT type, 'raw', 0, collection, CAST(execution_id AS text), 'raw_data_package/' || CAST(package.id AS text),
    ${accessUrl(dialect, 'raw_data_package_id', 'package.id', 'package.relative_path')},
    'application/x-tar', package.size_bytes,
    target, ra, dec, fov, region, beam, mjd_start, mjd_end, duration, sample_time, frequency_min, frequency_max,
    NULL, telescope, instrument
  FROM joined JOIN raw_data_package package ON package.id = joined.package_id
  WHERE package.state = 'archived'
  UNION ALL
  SELECT NULL, 'science', CASE WHEN exposure.executions > 1 THEN 3 ELSE 2 END,
    coalesce(collection, pipeline.name),
    CASE WHEN exposure.executions = 1 THEN exposure.execution ELSE CAST(product.executed_reduction_step_id AS text) END,
    'data_product/' || CAST(product.id AS text),
    ${accessUrl(dialect, 'data_product_id', 'product.id', `CAST(product.executed_reduction_step_id AS text) || '/' || product.relative_path`)},
    CASE
      WHEN lower(product.relative_path) LIKE '%.fits' THEN 'application/fits'
      WHEN lower(product.relative_path) LIKE '%.h5' OR lower(product.relative_path) LIKE '%.hdf5' THEN 'application/x-hdf5'
    END, product.size_bytes,
    target, ra, dec, fov, region, beam, mjd_start, mjd_end, exposure.duration, NULL, frequency_min, frequency_max,
    NULL, telescope, instrument
  FROM data_product product
  JOIN executed_reduction_step run ON run.id = product.executed_reduction_step_id
  JOIN reduction_step step ON step.id = run.reduction_step_id
  JOIN pipeline ON pipeline.id = step.pipeline_id
  LEFT JOIN reduced ON reduced.run_id = product.executed_reduction_step_id
  LEFT JOIN exposure ON exposure.run_id = product.executed_reduction_step_id
  WHERE product.type = 'science' AND EXISTS (
    SELECT 1 FROM physical_copy held
    WHERE held.data_product_id = product.id AND held.status = 'present'
  )
)
SELECT CAST(type AS text) AS dataproduct_type, CAST(subtype AS text) AS dataproduct_subtype, level AS calib_level,
  collection AS obs_collection, observation AS obs_id, '${AUTHORITY}?' || identifier AS obs_publisher_did,
  url AS access_url, CAST(media_type AS text) AS access_format, (size + 999) / 1000 AS access_estsize,
  target AS target_name, ra AS s_ra, dec AS s_dec, fov AS s_fov,
  region AS s_region, beam AS s_resolution, CAST(NULL AS bigint) AS s_xel1, CAST(NULL AS bigint) AS s_xel2,
  mjd_start AS t_min, mjd_end AS t_max, duration AS t_exptime, CAST(sample_time AS double precision) AS t_resolution,
  CAST(NULL AS bigint) AS t_xel,
  ${WAVELENGTH_AT_1_GHZ} / frequency_max AS em_min, ${WAVELENGTH_AT_1_GHZ} / frequency_min AS em_max,
  CAST(NULL AS double precision) AS em_res_power, CAST(NULL AS bigint) AS em_xel,
  CAST(ucd AS text) AS o_ucd, CAST(NULL AS text) AS pol_states, CAST(NULL AS bigint) AS pol_xel,
  telescope AS facility_name, instrument AS instrument_name
FROM held`.trim();
}
