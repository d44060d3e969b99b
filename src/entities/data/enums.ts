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
