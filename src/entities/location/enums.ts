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

/** What a row of `physical_copy` is a copy of. */
export const PhysicalCopyType = {
  RAW_DATA_FILE: 'raw_data_file_physical_copy',
  RAW_DATA_PACKAGE: 'raw_data_package_physical_copy',
  DATA_TRANSFER_PACKAGE: 'data_transfer_package_physical_copy',
  DATA_PRODUCT: 'data_product_physical_copy',
} as const;
export type PhysicalCopyType = (typeof PhysicalCopyType)[keyof typeof PhysicalCopyType];

/** Whether a copy is there, and what becomes of it. */
export const PhysicalCopyStatus = {
  PRESENT: 'present',
  /** Unpacked at a processing location; the archive file itself is removed. */
  STAGED: 'staged',
  /** Files and products only: the package that held it is gone, it may go too. */
  DELETION_POSSIBLE: 'deletion_possible',
  DELETION_SCHEDULED: 'deletion_scheduled',
  DELETION_IN_PROGRESS: 'deletion_in_progress',
  DELETED: 'deleted',
  DELETION_FAILED: 'deletion_failed',
  /** Damaged or lost; it never counts as a copy, until it is repaired. */
  BAD: 'bad',
} as const;
export type PhysicalCopyStatus = (typeof PhysicalCopyStatus)[keyof typeof PhysicalCopyStatus];

/** Kinds of copies that have a retention of their own. */
export const RetainedKind = {
  /** Copies of raw data files. */
  FILE: 'file',
  /** Copies of raw data packages. */
  PACKAGE: 'package',
  /** Copies of data transfer packages. */
  BUNDLE: 'bundle',
  /** Copies of products that later steps read. */
  INTERMEDIATE: 'intermediate',
  /** Copies of all other products. */
  PRODUCT: 'product',
} as const;
export type RetainedKind = (typeof RetainedKind)[keyof typeof RetainedKind];
