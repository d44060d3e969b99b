import { ViewEntity } from 'typeorm';
import { Described } from './view-column.js';

/**
 * The holdings as the Virtual Observatory describes them: the view of IVOA's ObsCore 1.1 with its mandatory columns, one
 * row for each archived raw data package and each science product that has a copy. Read only.
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
    null: 'a product, of which dataproduct_subtype says what is known',
  })
  dataproductType!: 'spectrum' | 'timeseries' | null;

  @Described({ comment: 'What the data are here: raw or science', ucd: 'meta.code.class' })
  dataproductSubtype!: 'raw' | 'science';

  @Described({
    comment:
      'Calibration level: 0 raw in a format of its own, 1 raw FITS, 2 product of one execution, 3 of several',
    ucd: 'meta.code;obs.calib',
  })
  calibLevel!: number;

  @Described({
    comment: 'Short name of the observing program',
    ucd: 'meta.id',
    null: 'a product of several programs, or of none',
  })
  obsCollection!: string | null;

  @Described({
    comment: 'Key of the execution, or of the reduction run where a product has several executions',
    ucd: 'meta.id',
  })
  obsId!: string;

  @Described({
    comment:
      'Identifier of the data set given by the publisher, under an authority that is not registered yet',
    ucd: 'meta.ref.ivoid',
  })
  obsPublisherDid!: string;

  @Described({
    comment: 'Address of a present copy, in the archive if there is one',
    ucd: 'meta.ref.url',
    null: 'on tape, or no copy is present',
  })
  accessUrl!: string | null;

  @Described({ comment: 'Media type of the file', ucd: 'meta.code.mime', null: 'not known' })
  accessFormat!: string | null;

  @Described({ comment: 'Size of the file', unit: 'kbyte', ucd: 'phys.size;meta.file', null: 'not known' })
  accessEstsize!: number | null;

  @Described({
    comment: 'Name of the source',
    ucd: 'meta.id;src',
    null: 'a product of several sources, or of none',
  })
  targetName!: string | null;

  @Described({
    comment: 'Right ascension of the centre, ICRS',
    unit: 'deg',
    ucd: 'pos.eq.ra',
    null: 'a moving source, a range of declination, or several positions',
  })
  sRa!: number | null;

  @Described({
    comment: 'Declination of the centre, ICRS',
    unit: 'deg',
    ucd: 'pos.eq.dec',
    null: 'a moving source, or several positions',
  })
  sDec!: number | null;

  @Described({
    comment: 'Diameter of the region covered, as planned',
    unit: 'deg',
    ucd: 'phys.angSize;instr.fov',
    null: 'not known',
  })
  sFov!: number | null;

  @Described({
    comment: 'Circle around the region covered, in STC-S with degrees of ICRS',
    ucd: 'pos.outline;obs.field',
    null: 'its centre or its diameter is not known',
  })
  sRegion!: string | null;

  @Described({
    comment: 'Full width at half maximum of the beam',
    unit: 'arcsec',
    ucd: 'pos.angResolution',
    null: 'not known, or modules with several',
  })
  sResolution!: number | null;

  @Described({ comment: 'Pixels along the first axis', ucd: 'meta.number', null: 'not recorded' })
  sXel1!: number | null;

  @Described({ comment: 'Pixels along the second axis', ucd: 'meta.number', null: 'not recorded' })
  sXel2!: number | null;

  @Described({
    comment: 'Start of the observation, modified Julian date, UTC',
    unit: 'd',
    ucd: 'time.start;obs.exposure',
    null: 'a product of no execution',
  })
  tMin!: number | null;

  @Described({
    comment: 'End of the observation, modified Julian date, UTC',
    unit: 'd',
    ucd: 'time.end;obs.exposure',
    null: 'it is running, or a product of no execution',
  })
  tMax!: number | null;

  @Described({
    comment: 'Duration of the executions together',
    unit: 's',
    ucd: 'time.duration;obs.exposure',
    null: 'one is running, or a product of no execution',
  })
  tExptime!: number | null;

  @Described({
    comment: 'Time between two samples',
    unit: 's',
    ucd: 'time.resolution',
    null: 'not known, or a product',
  })
  tResolution!: number | null;

  @Described({ comment: 'Samples along the axis of time', ucd: 'meta.number', null: 'not recorded' })
  tXel!: number | null;

  @Described({
    comment: 'Shortest wavelength, of the band around the main line for a source at rest or of the module',
    unit: 'm',
    ucd: 'em.wl;stat.min',
    null: 'not known',
  })
  emMin!: number | null;

  @Described({
    comment: 'Longest wavelength, of the band around the main line for a source at rest or of the module',
    unit: 'm',
    ucd: 'em.wl;stat.max',
    null: 'not known',
  })
  emMax!: number | null;

  @Described({
    comment: 'Spectral resolving power',
    ucd: 'spect.resolution',
    null: 'known in words only',
  })
  emResPower!: number | null;

  @Described({ comment: 'Samples along the spectral axis', ucd: 'meta.number', null: 'not recorded' })
  emXel!: number | null;

  @Described({
    comment: 'UCD of what was measured',
    ucd: 'meta.ucd',
    null: 'readout of detectors in units of their own, or a product',
  })
  oUcd!: string | null;

  @Described({ comment: 'Polarisation states', ucd: 'meta.code;phys.polarization', null: 'not recorded' })
  polStates!: string | null;

  @Described({ comment: 'Number of polarisation states', ucd: 'meta.number', null: 'not recorded' })
  polXel!: number | null;

  @Described({
    comment: 'Name of the telescope',
    ucd: 'meta.id;instr.tel',
    null: 'a product of several telescopes, or of none',
  })
  facilityName!: string | null;

  @Described({
    comment: 'Name of the instrument and its module',
    ucd: 'meta.id;instr',
    null: 'a product of several modules, or of none',
  })
  instrumentName!: string | null;
}
