/** What ObsCore 1.1 says of a column, with its errata 1 and 2. */
export interface StandardColumn {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'bigint' | 'double precision';
  readonly utype: string;
  readonly ucd: string;
  readonly unit: string | undefined;
}

const POSITION = 'Char.SpatialAxis.Coverage.Location.Coord.Position2D.Value2';
const SPECTRUM = 'Char.SpectralAxis.Coverage.Bounds.Limits';
const TIME = 'Char.TimeAxis.Coverage.Bounds.Limits';

const rows: readonly (readonly [string, StandardColumn['type'], string, string, string?])[] = [
  ['dataproduct_type', 'text', 'ObsDataset.dataProductType', 'meta.code.class'],
  ['calib_level', 'integer', 'ObsDataset.calibLevel', 'meta.code;obs.calib'],
  ['obs_collection', 'text', 'DataID.collection', 'meta.id'],
  ['obs_id', 'text', 'DataID.observationID', 'meta.id'],
  ['obs_publisher_did', 'text', 'Curation.publisherDID', 'meta.ref.ivoid'],
  ['access_url', 'text', 'Access.reference', 'meta.ref.url'],
  ['access_format', 'text', 'Access.format', 'meta.code.mime'],
  ['access_estsize', 'bigint', 'Access.size', 'phys.size;meta.file', 'kbyte'],
  ['target_name', 'text', 'Target.name', 'meta.id;src'],
  ['s_ra', 'double precision', `${POSITION}.C1`, 'pos.eq.ra', 'deg'],
  ['s_dec', 'double precision', `${POSITION}.C2`, 'pos.eq.dec', 'deg'],
  [
    ...(['s_fov', 'double precision', 'Char.SpatialAxis.Coverage.Bounds.Extent.diameter'] as const),
    ...(['phys.angSize;instr.fov', 'deg'] as const),
  ],
  ['s_region', 'text', 'Char.SpatialAxis.Coverage.Support.Area', 'pos.outline;obs.field'],
  [
    ...(['s_resolution', 'double precision', 'Char.SpatialAxis.Resolution.Refval.value'] as const),
    ...(['pos.angResolution', 'arcsec'] as const),
  ],
  ['s_xel1', 'bigint', 'Char.SpatialAxis.numBins1', 'meta.number'],
  ['s_xel2', 'bigint', 'Char.SpatialAxis.numBins2', 'meta.number'],
  ['t_min', 'double precision', `${TIME}.StartTime`, 'time.start;obs.exposure', 'd'],
  ['t_max', 'double precision', `${TIME}.StopTime`, 'time.end;obs.exposure', 'd'],
  [
    ...(['t_exptime', 'double precision', 'Char.TimeAxis.Coverage.Support.Extent'] as const),
    ...(['time.duration;obs.exposure', 's'] as const),
  ],
  ['t_resolution', 'double precision', 'Char.TimeAxis.Resolution.Refval.value', 'time.resolution', 's'],
  ['t_xel', 'bigint', 'Char.TimeAxis.numBins', 'meta.number'],
  ['em_min', 'double precision', `${SPECTRUM}.LoLimit`, 'em.wl;stat.min', 'm'],
  ['em_max', 'double precision', `${SPECTRUM}.HiLimit`, 'em.wl;stat.max', 'm'],
  [
    ...(['em_res_power', 'double precision', 'Char.SpectralAxis.Resolution.ResolPower.refVal'] as const),
    'spect.resolution',
  ],
  ['em_xel', 'bigint', 'Char.SpectralAxis.numBins', 'meta.number'],
  ['o_ucd', 'text', 'Char.ObservableAxis.ucd', 'meta.ucd'],
  ['pol_states', 'text', 'Char.PolarizationAxis.stateList', 'meta.code;phys.polarization'],
  ['pol_xel', 'bigint', 'Char.PolarizationAxis.numBins', 'meta.number'],
  ['facility_name', 'text', 'Provenance.ObsConfig.Facility.name', 'meta.id;instr.tel'],
  ['instrument_name', 'text', 'Provenance.ObsConfig.Instrument.name', 'meta.id;instr'],
];

function columnOf([name, type, utype, ucd, unit]: (typeof rows)[number]): StandardColumn {
  return { name, type, utype: `obscore:${utype}`, ucd, unit };
}

/** The 30 mandatory columns, in the order of the view. */
export const MANDATORY: readonly StandardColumn[] = rows.map(columnOf);

/** The optional column that the view has. */
export const SUBTYPE = columnOf([
  ...(['dataproduct_subtype', 'text', 'ObsDataset.dataProductSubtype', 'meta.code.class'] as const),
]);

export const PRODUCT_TYPES: readonly string[] = [
  ...['image', 'cube', 'spectrum', 'sed', 'timeseries', 'visibility', 'event', 'measurements'],
];
