/** Where the execution of an obs unit stands. */
export const ExecutedObsUnitStatus = {
  RUNNING: 'running',
  COMPLETED: 'completed',
  /** Ended early; its data are kept. */
  ABORTED: 'aborted',
  FAILED: 'failed',
} as const;
export type ExecutedObsUnitStatus = (typeof ExecutedObsUnitStatus)[keyof typeof ExecutedObsUnitStatus];

/** What the assessment of the data of an execution came to. */
export const DataQuality = {
  UNCHECKED: 'unchecked',
  GOOD: 'good',
  DEGRADED: 'degraded',
  BAD: 'bad',
} as const;
export type DataQuality = (typeof DataQuality)[keyof typeof DataQuality];
