/** Nights with observations in a year. */
export const NIGHTS_A_YEAR = 300;

/** Executions in a night. */
export const EXECUTIONS = 80;
/** Modules that record each execution. */
export const MODULES = 3;
/** Packages to a file: 15,000 files in a night of 240 packages. */
export const PACKAGES_TO_FILES = '2 / 125';
/** Files in a night. */
export const FILES = 15_000;
/** Packages in a bundle. */
export const BUNDLE = 34;
/** Seconds from the start of one execution to that of the next. */
export const EXECUTION_S = 1_080;

/** The shortest year with finished nights. */
export const FEWEST_NIGHTS = 6;

/** Newest executions whose files are not in packages yet. */
const UNPACKAGED_EXECUTIONS = 20;
/** Newest packages that are not in bundles yet. */
const UNBUNDLED_PACKAGES = 180;
/** Newest bundles whose packages are not archived yet. */
const UNARCHIVED_BUNDLES = 18;
/** Newest archived packages whose copies outside of the archive are still there. */
const UNCLEANED_PACKAGES = 480;
/** Newest executions with staging jobs that are not done yet. */
const UNSTAGED_EXECUTIONS = 13;
/** Newest executions with staged data that are still needed. */
const NEEDED_EXECUTIONS = 100;
/** Newest executions whose staged data are still there. */
const STAGED_EXECUTIONS = 180;

/**
 * Progress of the work: rows with a number below each limit have passed that stage, in the order of the limits. Only
 * the last three nights are in progress, however long the year is.
 */
export interface Year {
  readonly nights: number;
  readonly executions: number;
  readonly files: number;
  /** Packages that were made. */
  readonly packages: number;
  /** Bundles that were made. */
  readonly bundles: number;
  /** Packages that are in a bundle. */
  readonly bundledPackages: number;
  /** Packages in the long-term archive. */
  readonly archivedPackages: number;
  /** Archived packages without copies at sources and buffers. */
  readonly cleanedPackages: number;
  /** Executions with staging jobs. */
  readonly requestedExecutions: number;
  /** Executions with data at the processing location, now or before. */
  readonly stagedExecutions: number;
  /** Executions whose staged data nobody needs any more. */
  readonly releasedExecutions: number;
  /** Executions whose staged data are deleted again. */
  readonly unstagedExecutions: number;
}

/** The progress of the work after so many nights. */
export function yearOf(nights: number): Year {
  const executions = EXECUTIONS * nights;
  const packages = MODULES * (executions - UNPACKAGED_EXECUTIONS);
  const bundles = Math.floor((packages - UNBUNDLED_PACKAGES) / BUNDLE);
  const archivedPackages = BUNDLE * (bundles - UNARCHIVED_BUNDLES);
  const requestedExecutions = Math.floor(archivedPackages / MODULES);
  return {
    nights,
    executions,
    files: FILES * nights,
    packages,
    bundles,
    bundledPackages: bundles * BUNDLE,
    archivedPackages,
    cleanedPackages: archivedPackages - UNCLEANED_PACKAGES,
    requestedExecutions,
    stagedExecutions: requestedExecutions - UNSTAGED_EXECUTIONS,
    releasedExecutions: Math.max(0, requestedExecutions - NEEDED_EXECUTIONS),
    unstagedExecutions: Math.max(0, requestedExecutions - STAGED_EXECUTIONS),
  };
}
