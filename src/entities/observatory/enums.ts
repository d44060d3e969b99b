/** What kind of receiver an instrument is. */
export const InstrumentKind = {
  HETERODYNE_ARRAY: 'heterodyne_array',
  CONTINUUM_CAMERA: 'continuum_camera',
} as const;
export type InstrumentKind = (typeof InstrumentKind)[keyof typeof InstrumentKind];

/**
 * What an instrument or module is fit for. `operational` and `commissioning` allow observing; in the other states
 * `available` is off.
 */
export const InstrumentAvailability = {
  OPERATIONAL: 'operational',
  COMMISSIONING: 'commissioning',
  STANDBY: 'standby',
  MAINTENANCE: 'maintenance',
  FAULT: 'fault',
  NOT_INSTALLED: 'not_installed',
  RETIRED: 'retired',
} as const;
export type InstrumentAvailability = (typeof InstrumentAvailability)[keyof typeof InstrumentAvailability];

/** Which configuration of a module a row of `instrument_module_configuration` is. */
export const ModuleConfigurationType = {
  CHAI: 'chai_module_configuration',
  PRIME_CAM: 'prime_cam_module_configuration',
} as const;
export type ModuleConfigurationType = (typeof ModuleConfigurationType)[keyof typeof ModuleConfigurationType];

/** The side of the local oscillator on which a heterodyne receiver takes its line. */
export const Sideband = { LSB: 'lsb', USB: 'usb' } as const;
export type Sideband = (typeof Sideband)[keyof typeof Sideband];
