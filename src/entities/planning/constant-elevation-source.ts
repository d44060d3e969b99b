import { Index, ManyToOne } from 'typeorm';
import { Enum, Real, ReferenceKey } from '../columns.js';
import { Subtype } from '../subtype.js';
import { FieldShape, OffsetFrame, SourceType } from './enums.js';
import { Source } from './source.js';

/**
 * A survey field, observed by scans at constant elevation or by patterns that fill it.
 *
 * @example
 * import { ConstantElevationSource, FieldShape, OffsetFrame } from 'ccat-ops-db';
 *
 * const where = { fieldFrame: OffsetFrame.GALACTIC, fieldShape: FieldShape.RECTANGLE };
 * const fields = await session.find(ConstantElevationSource, { where, order: { areaDeg2: 'ASC' } });
 * console.log(fields.map(({ name }) => name)); // [ 'CMZ', 'GalacticPlane-330' ]
 *
 * const patch = await session.findOneOrFail(ConstantElevationSource, {
 *   where: { name: 'Jupiter-patch' },
 *   relations: { followsSource: true },
 * });
 * console.log(patch.followsSource?.name, patch.centerRaDeg); // Jupiter null
 */
@Index('ix_source__field', ['id'], { where: `"type" = 'constant_elevation_source'` })
@Subtype('ConstantElevationSource', SourceType.CONSTANT_ELEVATION, {
  rules: {
    center_whole: `"field_shape" = 'declination_range' OR "follows_source_id" IS NOT NULL OR ("center_ra_deg" IS NOT NULL AND "center_dec_deg" IS NOT NULL)`,
  },
})
export class ConstantElevationSource extends Source {
  /** Outline of the field. */
  @Enum(FieldShape, { comment: 'Outline of the field' })
  fieldShape!: FieldShape;

  /** Right ascension of the centre, ICRS [deg]; null: a range of declination, or it follows a body. */
  @Real({
    comment: 'Right ascension of the centre, ICRS',
    unit: 'deg',
    min: 0,
    below: 360,
    null: 'a range of declination, or it follows a body',
  })
  centerRaDeg!: number | null;

  /** Declination of the centre, ICRS [deg]; null: limits not known, or it follows a body. */
  @Real({
    comment: 'Declination of the centre, ICRS',
    unit: 'deg',
    min: -90,
    max: 90,
    null: 'limits not known, or it follows a body',
  })
  centerDecDeg!: number | null;

  /** Extent along the longitude of field_frame [deg]; null: all right ascensions, or not known. */
  @Real({
    comment: 'Extent along the longitude of field_frame',
    unit: 'deg',
    above: 0,
    max: 360,
    null: 'all right ascensions, or not known',
  })
  widthDeg!: number | null;

  /** Extent along the latitude of field_frame [deg]; null: not known. */
  @Real({
    comment: 'Extent along the latitude of field_frame',
    unit: 'deg',
    above: 0,
    max: 180,
    null: 'not known',
  })
  heightDeg!: number | null;

  /** Axes along which width and height are counted. */
  @Enum(OffsetFrame, { comment: 'Axes along which width and height are counted' })
  fieldFrame!: OffsetFrame;

  /** Rotation of the field from the axes of field_frame, north through east [deg]; null: not rotated. */
  @Real({
    comment: 'Rotation of the field from the axes of field_frame, north through east',
    unit: 'deg',
    min: -180,
    max: 180,
    null: 'not rotated',
  })
  rotationDeg!: number | null;

  /** Area of the field as published [deg**2]; null: not published. */
  @Real({ comment: 'Area of the field as published', unit: 'deg**2', above: 0, null: 'not published' })
  areaDeg2!: number | null;

  /** Elevation at which the field is scanned by default [deg]; null: left to the planner. */
  @Real({
    comment: 'Elevation at which the field is scanned by default',
    unit: 'deg',
    min: 0,
    max: 90,
    null: 'left to the planner',
  })
  elevationDeg!: number | null;

  /**
   * Speed at which the field is scanned by default; at constant elevation that of the azimuth axis [deg/s];
   * null: left to the planner.
   */
  @Real({
    comment: 'Speed at which the field is scanned by default; at constant elevation that of the azimuth axis',
    unit: 'deg/s',
    above: 0,
    null: 'left to the planner',
  })
  scanSpeedDegS!: number | null;

  /** Distance between rows by default [deg]; null: left to the planner. */
  @Real({ comment: 'Distance between rows by default', unit: 'deg', above: 0, null: 'left to the planner' })
  rowSpacingDeg!: number | null;

  /** Solar system object that the field moves with; null: fixed on the sky. */
  @ReferenceKey({ comment: 'Solar system object that the field moves with', null: 'fixed on the sky' })
  followsSourceId!: number | null;

  @ManyToOne(() => Source, { nullable: true, onDelete: 'RESTRICT' })
  followsSource?: Source | null;
}
