import { Index } from 'typeorm';
import { Enum, Int, Real, Text } from '../columns.js';
import { Subtype } from '../subtype.js';
import { OffsetFrame, SourceType, VelocityConvention, VelocityFrame } from './enums.js';
import { Source } from './source.js';

/**
 * A target with fixed celestial coordinates, such as Orion-KL.
 *
 * @example
 * import { FixedSource, SourceCategory, VelocityConvention, VelocityFrame } from 'ccat-ops-db';
 *
 * await session.save(FixedSource, {
 *   name: 'W49N', aliases: ['W49A north'], category: SourceCategory.GALACTIC_CLOUD,
 *   raDeg: 287.5563, decDeg: 9.1039, velocityKms: 8,
 *   velocityFrame: VelocityFrame.LSRK, velocityConvention: VelocityConvention.RADIO,
 * });
 * const { aliases, velocityKms, fluxJy } = await session.findOneByOrFail(FixedSource, { name: 'W49N' });
 * console.log(aliases, velocityKms, fluxJy); // [ 'W49A north' ] 8 null
 */
@Subtype('FixedSource', SourceType.FIXED, {
  rules: {
    velocity_below_light:
      '"velocity_kms" <= 300000 OR ("velocity_convention" IS NOT NULL AND "velocity_convention" = \'optical\')',
    velocity_with_frame: '("velocity_kms" IS NULL) = ("velocity_frame" IS NULL)',
    flux_with_wavelength: '("flux_jy" IS NULL) = ("flux_wavelength_um" IS NULL)',
    off_position_whole:
      '("off_longitude_arcsec" IS NULL) = ("off_latitude_arcsec" IS NULL) AND ("off_longitude_arcsec" IS NULL) = ("off_frame" IS NULL)',
  },
})
export class FixedSource extends Source {
  /** Right ascension, ICRS, epoch 2000 [deg]. */
  @Real({ comment: 'Right ascension, ICRS, epoch 2000', unit: 'deg', min: 0, below: 360 })
  raDeg!: number;

  /** Declination, ICRS, epoch 2000 [deg]. */
  @Real({ comment: 'Declination, ICRS, epoch 2000', unit: 'deg', min: -90, max: 90 })
  decDeg!: number;

  /**
   * HEALPix cell of the position, ring scheme, 256 along a side of a face, kept by the database; null: not
   * computed yet.
   */
  @Index()
  @Int({
    comment: 'HEALPix cell of the position, ring scheme, 256 along a side of a face, kept by the database',
    min: 0,
    below: 786432,
    null: 'not computed yet',
    keptByDatabase: true,
  })
  skyCell!: number | null;

  /** Coordinates as they were given, with their system; null: given as ICRS in degrees. */
  @Text({ comment: 'Coordinates as they were given, with their system', null: 'given as ICRS in degrees' })
  coordinatesAsGiven!: string | null;

  /** Proper motion in right ascension times cos(declination) [mas/yr]; null: not known, taken as 0. */
  @Real({
    comment: 'Proper motion in right ascension times cos(declination)',
    unit: 'mas/yr',
    null: 'not known, taken as 0',
  })
  properMotionRaMasYr!: number | null;

  /** Proper motion in declination [mas/yr]; null: not known, taken as 0. */
  @Real({ comment: 'Proper motion in declination', unit: 'mas/yr', null: 'not known, taken as 0' })
  properMotionDecMasYr!: number | null;

  /**
   * Radial velocity in velocity_frame; of a redshift z it is c times z in the optical convention [km/s];
   * null: not known.
   */
  @Real({
    comment: 'Radial velocity in velocity_frame; of a redshift z it is c times z in the optical convention',
    unit: 'km/s',
    min: -300000,
    max: 6000000,
    null: 'not known',
  })
  velocityKms!: number | null;

  /** Standard of rest of the velocity; null: no velocity given. */
  @Enum(VelocityFrame, { comment: 'Standard of rest of the velocity', null: 'no velocity given' })
  velocityFrame!: VelocityFrame | null;

  /** Definition of the velocity; null: not stated. */
  @Enum(VelocityConvention, { comment: 'Definition of the velocity', null: 'not stated' })
  velocityConvention!: VelocityConvention | null;

  /** Flux density at flux_wavelength_um, a snapshot for variable sources [Jy]; null: not known. */
  @Real({
    comment: 'Flux density at flux_wavelength_um, a snapshot for variable sources',
    unit: 'Jy',
    min: 0,
    null: 'not known',
  })
  fluxJy!: number | null;

  /** Wavelength of the flux density [um]; null: no flux density given. */
  @Real({ comment: 'Wavelength of the flux density', unit: 'um', above: 0, null: 'no flux density given' })
  fluxWavelengthUm!: number | null;

  /** Offset of the reference position in longitude of off_frame [arcsec]; null: none chosen. */
  @Real({
    comment: 'Offset of the reference position in longitude of off_frame',
    unit: 'arcsec',
    null: 'none chosen',
  })
  offLongitudeArcsec!: number | null;

  /** Offset of the reference position in latitude of off_frame [arcsec]; null: none chosen. */
  @Real({
    comment: 'Offset of the reference position in latitude of off_frame',
    unit: 'arcsec',
    null: 'none chosen',
  })
  offLatitudeArcsec!: number | null;

  /** Axes of the offset to the reference position; null: none chosen. */
  @Enum(OffsetFrame, { comment: 'Axes of the offset to the reference position', null: 'none chosen' })
  offFrame!: OffsetFrame | null;
}
