import type { Telescope } from '../../entities/index.js';

/** Where a telescope stands. */
export type TelescopeSite = Pick<Telescope, 'latitudeDeg' | 'longitudeDeg' | 'altitudeM'>;

/** Where FYST stands, as its control system has it. */
export const FYST: TelescopeSite = { latitudeDeg: -22.985639, longitudeDeg: -67.740278, altitudeM: 5611.8 };
