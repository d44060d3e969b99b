import { ViewEntity } from 'typeorm';
import { Described } from './view-column.js';

/**
 * The holdings as the Virtual Observatory describes them: the view of IVOA's ObsCore 1.1 with its mandatory columns, one
 * row for each archived raw data package of an execution and each science product that has a copy. Read only.
 *
 * @example
 * import { ObsCore } from 'ccat-ops-db';
 *
 * const spectra = await session.find(ObsCore, {
 *   where: { dataproductType: 'spectrum' },
 *   order: { targetName: 'ASC' },
 * });
 * console.log(spectra.map(({ targetName }) => targetName).join(', ')); // 2155-304, RScl, Saturn, Saturn
 */
@ViewEntity({ name: 'obscore', synchronize: false })
export class ObsCore {
  @Described({
    comment: 'Kind of the data: spectrum or timeseries for raw data',
    ucd: 'meta.code.class',
    utype: 'obscore:ObsDataset.dataProductType',
    null: 'a product, or a package of both: dataproduct_subtype says what is known',
  })
  dataproductType!: 'spectrum' | 'timeseries' | null;

  @Described({
    comment: 'What the data are here: raw or science',
    ucd: 'meta.code.class',
    utype: 'obscore:ObsDataset.dataProductSubtype',
  })
  dataproductSubtype!: 'raw' | 'science';

  @Described({
    comment:
      'Calibration level: 0 raw in a format of its own, 1 raw FITS, 2 product of one execution, 3 of several',
    ucd: 'meta.code;obs.calib',
    utype: 'obscore:ObsDataset.calibLevel',
  })
  calibLevel!: number;

  @Described({
    comment: 'Short name of the observing program; of a product of several programs the name of its pipeline',
    ucd: 'meta.id',
    utype: 'obscore:DataID.collection',
  })
  obsCollection!: string;

  @Described({
    comment: 'Key of the execution, or of the reduction run where a product has several executions',
    ucd: 'meta.id',
    utype: 'obscore:DataID.observationID',
  })
  obsId!: string;

  @Described({
    comment:
      'Identifier of the data set given by the publisher, under an authority that is not registered yet',
    ucd: 'meta.ref.ivoid',
    utype: 'obscore:Curation.publisherDID',
  })
  obsPublisherDid!: string;

  @Described({
    comment: 'Address of a present copy, in the archive if there is one, percent-encoded',
    ucd: 'meta.ref.url',
    utype: 'obscore:Access.reference',
    null: 'on tape, or no copy is present',
  })
  accessUrl!: string | null;

  @Described({
    comment: 'Media type of the file',
    ucd: 'meta.code.mime',
    utype: 'obscore:Access.format',
    null: 'not known',
  })
  accessFormat!: string | null;

  @Described({
    comment: 'Size of the file',
    unit: 'kbyte',
    ucd: 'phys.size;meta.file',
    utype: 'obscore:Access.size',
    null: 'not known',
  })
  accessEstsize!: number | null;

  @Described({
    comment: 'Name of the source',
    ucd: 'meta.id;src',
    utype: 'obscore:Target.name',
    null: 'a product of several sources, or of none',
  })
  targetName!: string | null;

  @Described({
    comment: 'Right ascension of the centre, ICRS',
    unit: 'deg',
    ucd: 'pos.eq.ra',
    utype: 'obscore:Char.SpatialAxis.Coverage.Location.Coord.Position2D.Value2.C1',
    null: 'a moving source, a range of declination, or several positions',
  })
  sRa!: number | null;

  @Described({
    comment: 'Declination of the centre, ICRS',
    unit: 'deg',
    ucd: 'pos.eq.dec',
    utype: 'obscore:Char.SpatialAxis.Coverage.Location.Coord.Position2D.Value2.C2',
    null: 'a moving source, a range of declination, or several positions',
  })
  sDec!: number | null;

  @Described({
    comment: 'Diameter of the region covered, as planned; of a rectangle its diagonal',
    unit: 'deg',
    ucd: 'phys.angSize;instr.fov',
    utype: 'obscore:Char.SpatialAxis.Coverage.Bounds.Extent.diameter',
    null: 'not known, or a range of declination',
  })
  sFov!: number | null;

  @Described({
    comment:
      'Region covered, as planned: the polygon of a rectangular field or else a circle, in STC-S with degrees of ICRS',
    ucd: 'pos.outline;obs.field',
    utype: 'obscore:Char.SpatialAxis.Coverage.Support.Area',
    null: 'its centre or its diameter is not known, or a rectangle that reaches a pole',
  })
  sRegion!: string | null;

  @Described({
    comment: 'Full width at half maximum of the beam',
    unit: 'arcsec',
    ucd: 'pos.angResolution',
    utype: 'obscore:Char.SpatialAxis.Resolution.Refval.value',
    null: 'not known, or modules with several',
  })
  sResolution!: number | null;

  @Described({
    comment: 'Pixels along the first axis',
    ucd: 'meta.number',
    utype: 'obscore:Char.SpatialAxis.numBins1',
    null: 'not recorded',
  })
  sXel1!: number | null;

  @Described({
    comment: 'Pixels along the second axis',
    ucd: 'meta.number',
    utype: 'obscore:Char.SpatialAxis.numBins2',
    null: 'not recorded',
  })
  sXel2!: number | null;

  @Described({
    comment: 'Start of the observation, modified Julian date, UTC',
    unit: 'd',
    ucd: 'time.start;obs.exposure',
    utype: 'obscore:Char.TimeAxis.Coverage.Bounds.Limits.StartTime',
    null: 'a product of no execution',
  })
  tMin!: number | null;

  @Described({
    comment: 'End of the observation, modified Julian date, UTC',
    unit: 'd',
    ucd: 'time.end;obs.exposure',
    utype: 'obscore:Char.TimeAxis.Coverage.Bounds.Limits.StopTime',
    null: 'it is running, or a product of no execution',
  })
  tMax!: number | null;

  @Described({
    comment: 'Duration of the executions together',
    unit: 's',
    ucd: 'time.duration;obs.exposure',
    utype: 'obscore:Char.TimeAxis.Coverage.Support.Extent',
    null: 'one is running, or a product of no execution',
  })
  tExptime!: number | null;

  @Described({
    comment: 'Time between two samples',
    unit: 's',
    ucd: 'time.resolution',
    utype: 'obscore:Char.TimeAxis.Resolution.Refval.value',
    null: 'not known, or a product',
  })
  tResolution!: number | null;

  @Described({
    comment: 'Samples along the axis of time',
    ucd: 'meta.number',
    utype: 'obscore:Char.TimeAxis.numBins',
    null: 'not recorded',
  })
  tXel!: number | null;

  @Described({
    comment: 'Shortest wavelength that the module takes with its tuning, for a source at rest, or can take',
    unit: 'm',
    ucd: 'em.wl;stat.min',
    utype: 'obscore:Char.SpectralAxis.Coverage.Bounds.Limits.LoLimit',
    null: 'not known',
  })
  emMin!: number | null;

  @Described({
    comment: 'Longest wavelength that the module takes with its tuning, for a source at rest, or can take',
    unit: 'm',
    ucd: 'em.wl;stat.max',
    utype: 'obscore:Char.SpectralAxis.Coverage.Bounds.Limits.HiLimit',
    null: 'not known',
  })
  emMax!: number | null;

  @Described({
    comment: 'Spectral resolving power',
    ucd: 'spect.resolution',
    utype: 'obscore:Char.SpectralAxis.Resolution.ResolPower.refVal',
    null: 'known in words only',
  })
  emResPower!: number | null;

  @Described({
    comment: 'Samples along the spectral axis',
    ucd: 'meta.number',
    utype: 'obscore:Char.SpectralAxis.numBins',
    null: 'not recorded',
  })
  emXel!: number | null;

  @Described({
    comment: 'UCD of what was measured',
    ucd: 'meta.ucd',
    utype: 'obscore:Char.ObservableAxis.ucd',
    null: 'readout of detectors in units of their own, or a product',
  })
  oUcd!: string | null;

  @Described({
    comment: 'Polarisation states',
    ucd: 'meta.code;phys.polarization',
    utype: 'obscore:Char.PolarizationAxis.stateList',
    null: 'not recorded',
  })
  polStates!: string | null;

  @Described({
    comment: 'Number of polarisation states',
    ucd: 'meta.number',
    utype: 'obscore:Char.PolarizationAxis.numBins',
    null: 'not recorded',
  })
  polXel!: number | null;

  @Described({
    comment: 'Name of the telescope',
    ucd: 'meta.id;instr.tel',
    utype: 'obscore:Provenance.ObsConfig.Facility.name',
    null: 'a product of several telescopes, or of none',
  })
  facilityName!: string | null;

  @Described({
    comment: 'Name of the instrument and its module; of several modules the instrument alone',
    ucd: 'meta.id;instr',
    utype: 'obscore:Provenance.ObsConfig.Instrument.name',
    null: 'a product of several instruments, or of none',
  })
  instrumentName!: string | null;
}
