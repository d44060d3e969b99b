/** What makes a pipeline run. */
export const TriggerType = {
  /** As soon as new data are there. */
  CONTINUOUS: 'continuous',
  /** At times given by a cron expression. */
  CRON: 'cron',
  /** When somebody asks. */
  MANUAL: 'manual',
} as const;
export type TriggerType = (typeof TriggerType)[keyof typeof TriggerType];

/** Where the run of a reduction step stands. */
export const RunStatus = {
  PENDING: 'pending',
  STAGING_DATA: 'staging_data',
  SUBMITTED: 'submitted',
  RUNNING: 'running',
  COLLECTING_RESULTS: 'collecting_results',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
} as const;
export type RunStatus = (typeof RunStatus)[keyof typeof RunStatus];

/** What a product is; given by the folder that the run wrote it to. */
export const DataProductType = {
  SCIENCE: 'science',
  QA_METRIC: 'qa_metric',
  PLOT: 'plot',
  STATISTICS: 'statistics',
  LOG: 'log',
  /** Input of a later step, not a result. */
  INTERMEDIATE: 'intermediate',
} as const;
export type DataProductType = (typeof DataProductType)[keyof typeof DataProductType];

/** Which version of its software a step runs with. */
export const VersionPolicy = {
  /** The newest that is marked compatible. */
  COMPATIBLE: 'compatible',
  /** The newest of all. */
  LATEST: 'latest',
  /** The one that the step names. */
  PINNED: 'pinned',
} as const;
export type VersionPolicy = (typeof VersionPolicy)[keyof typeof VersionPolicy];
