/** Which kind of target a row of `source` is. */
export const SourceType = {
  FIXED: 'fixed_source',
  SOLAR_SYSTEM_OBJECT: 'solar_system_object',
  CONSTANT_ELEVATION: 'constant_elevation_source',
} as const;
export type SourceType = (typeof SourceType)[keyof typeof SourceType];

/** What a source is observed for. */
export const SourceCategory = {
  POINTING: 'pointing',
  LINE_CALIBRATOR: 'line_calibrator',
  GALACTIC_CLOUD: 'galactic_cloud',
  GALACTIC_CENTRE: 'galactic_centre',
  MAGELLANIC_CLOUD: 'magellanic_cloud',
  MAGELLANIC_REGION: 'magellanic_region',
  GALAXY: 'galaxy',
  SOLAR_SYSTEM: 'solar_system',
  SURVEY_FIELD: 'survey_field',
} as const;
export type SourceCategory = (typeof SourceCategory)[keyof typeof SourceCategory];

/** The standard of rest that a velocity refers to. */
export const VelocityFrame = {
  LSRK: 'lsrk',
  HELIOCENTRIC: 'heliocentric',
  BARYCENTRIC: 'barycentric',
  UNSTATED: 'unstated',
} as const;
export type VelocityFrame = (typeof VelocityFrame)[keyof typeof VelocityFrame];

/** How a velocity follows from a frequency shift. */
export const VelocityConvention = {
  RADIO: 'radio',
  OPTICAL: 'optical',
  RELATIVISTIC: 'relativistic',
} as const;
export type VelocityConvention = (typeof VelocityConvention)[keyof typeof VelocityConvention];

/** The axes along which an offset or the sides of a field are counted. */
export const OffsetFrame = {
  EQUATORIAL: 'equatorial',
  GALACTIC: 'galactic',
  HORIZONTAL: 'horizontal',
} as const;
export type OffsetFrame = (typeof OffsetFrame)[keyof typeof OffsetFrame];

/** The outline of a survey field. */
export const FieldShape = {
  RECTANGLE: 'rectangle',
  CIRCLE: 'circle',
  DECLINATION_RANGE: 'declination_range',
} as const;
export type FieldShape = (typeof FieldShape)[keyof typeof FieldShape];

/** What kind of body of the solar system a source is. */
export const BodyClass = {
  STAR: 'star',
  PLANET: 'planet',
  MOON: 'moon',
  DWARF_PLANET: 'dwarf_planet',
  ASTEROID: 'asteroid',
  COMET: 'comet',
} as const;
export type BodyClass = (typeof BodyClass)[keyof typeof BodyClass];

/** Which configuration of an observation a row of `observation_configuration` is. */
export const ObservationConfigurationType = {
  CHAI: 'chai_observation_configuration',
  PRIME_CAM: 'prime_cam_observation_configuration',
} as const;
export type ObservationConfigurationType =
  (typeof ObservationConfigurationType)[keyof typeof ObservationConfigurationType];

/**
 * Where an obs unit stands in its planning. Only `active` units are observed; `completed` and `retired` are
 * ends, from which an operator may bring a unit back to `active`.
 */
export const ObsUnitState = {
  DRAFT: 'draft',
  ACTIVE: 'active',
  ON_HOLD: 'on_hold',
  COMPLETED: 'completed',
  RETIRED: 'retired',
} as const;
export type ObsUnitState = (typeof ObsUnitState)[keyof typeof ObsUnitState];
