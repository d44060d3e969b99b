/** When somebody should look at a spool. */
export interface SpoolLimits {
  /** Age of the oldest call that waits [s]; by default an hour. */
  readonly ageS?: number;
  /** Size of the spool [byte]; by default 1 GB. */
  readonly bytes?: number;
  /** What must be left on its disk [byte]; by default 1 GB. */
  readonly freeBytes?: number;
}

/** What is held against the limits. */
export interface Measured {
  readonly oldestAgeS: number | null;
  readonly bytes: number;
  readonly freeBytes: number;
  readonly refused: number;
}

/** What somebody should know of a spool, a sentence each. */
export function warningsOf(
  { oldestAgeS, bytes, freeBytes, refused }: Measured,
  { ageS = 3600, bytes: mostBytes = 1e9, freeBytes: leastFree = 1e9 }: SpoolLimits,
): string[] {
  return [
    ...(oldestAgeS !== null && oldestAgeS > ageS
      ? [
          `the oldest call has waited for ${Math.round(oldestAgeS)} s: is the link up, and a forwarder running?`,
        ]
      : []),
    ...(bytes > mostBytes ? [`the spool takes ${megabytes(bytes)}, more than ${megabytes(mostBytes)}`] : []),
    ...(freeBytes < leastFree
      ? [`only ${megabytes(freeBytes)} are left on the disk of the spool: when it is full, calls fail`]
      : []),
    ...(refused > 0
      ? [`${refused} calls were set aside: opsdb spool list --state refused says why, retry or discard them`]
      : []),
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
