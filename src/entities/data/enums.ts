/** Where a raw data package stands on its way to the archive. */
export const PackageState = {
  /** Exists only where it was made. */
  WAITING: 'waiting',
  /** Part of a data transfer package that is on its way. */
  TRANSFERRING: 'transferring',
  /** In a long-term archive. */
  ARCHIVED: 'archived',
  /** Its transfer or archiving failed for good. */
  FAILED: 'failed',
} as const;
export type PackageState = (typeof PackageState)[keyof typeof PackageState];

/** What a raw data file holds. */
export const RawDataFileKind = {
  /** What the detectors saw; spectra of a heterodyne array, too. */
  TIMESTREAM: 'timestream',
  /** Sweep over all frequencies of a readout network, which finds the resonators. */
  VNA_SWEEP: 'vna_sweep',
  /** Sweeps around the frequencies of known resonators. */
  TARGET_SWEEP: 'target_sweep',
  /** Tones and resonators that the readout was set to. */
  CONFIGURATION: 'configuration',
  /** What telescope and instruments say of themselves. */
  HOUSEKEEPING: 'housekeeping',
  LOG: 'log',
  /** All files of a session and its housekeeping, joined by the bookbinder. */
  LEVEL0: 'level0',
} as const;
export type RawDataFileKind = (typeof RawDataFileKind)[keyof typeof RawDataFileKind];
