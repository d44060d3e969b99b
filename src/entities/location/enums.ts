/** What a data location is for, from the telescope to the archive. */
export const LocationType = {
  /** Instrument computers at the telescope, where files are born. */
  SOURCE: 'source',
  /** Input and transit storage of a site. */
  BUFFER: 'buffer',
  /** Permanent storage. */
  LONG_TERM_ARCHIVE: 'long_term_archive',
  /** Temporary storage next to the computers that reduce data. */
  PROCESSING: 'processing',
} as const;
export type LocationType = (typeof LocationType)[keyof typeof LocationType];

/** How a data location stores: the kind of row in `data_location`. */
export const StorageType = {
  DISK: 'disk',
  /** Object storage of AWS or compatible with it. */
  S3: 's3',
  TAPE: 'tape',
} as const;
export type StorageType = (typeof StorageType)[keyof typeof StorageType];

/** What can be done with a data location now. */
export const LocationAvailability = {
  ONLINE: 'online',
  /** Holds data that can be read; nothing new is written. */
  READ_ONLY: 'read_only',
  OFFLINE: 'offline',
  RETIRED: 'retired',
} as const;
export type LocationAvailability = (typeof LocationAvailability)[keyof typeof LocationAvailability];
