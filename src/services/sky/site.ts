import type { Telescope } from '../../entities/index.js';

/** Where a telescope stands. */
export type TelescopeSite = Pick<Telescope, 'latitudeDeg' | 'longitudeDeg' | 'altitudeM'>;

/** Where a telescope stands, its civil time, and the limits that every observation must keep. */
export interface ObservingPlace
  extends TelescopeSite,
    Partial<
      Pick<
        Telescope,
        | 'timeZone'
        | 'elevationMinDeg'
        | 'elevationMaxDeg'
        | 'sunExclusionDeg'
        | 'azimuthMinDeg'
        | 'azimuthMaxDeg'
        | 'azimuthSpeedMaxDegS'
      >
    > {}

/** Where FYST stands, as its control system has it. */
export const FYST: TelescopeSite & Pick<Telescope, 'timeZone'> = {
  latitudeDeg: -22.985639,
  longitudeDeg: -67.740278,
  altitudeM: 5611.8,
  timeZone: 'America/Santiago',
};
