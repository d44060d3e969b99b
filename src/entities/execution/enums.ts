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

/** What a stretch of telescope time counts as. */
export const TimeUse = {
  /** Observed for a program, with data that count. */
  CHARGED: 'charged',
  LOST_WEATHER: 'lost_weather',
  LOST_FAULT: 'lost_fault',
  /** Observed for a calibration program, which serves all. */
  CALIBRATION: 'calibration',
  /** Slews, settling, retunes. */
  OVERHEAD: 'overhead',
  IDLE: 'idle',
} as const;
export type TimeUse = (typeof TimeUse)[keyof typeof TimeUse];
