/** Where a piece of work stands; shared by packages, transfers, archiving and staging. */
export const Status = {
  PENDING: 'pending',
  SCHEDULED: 'scheduled',
  /** A worker is on it. */
  IN_PROGRESS: 'in_progress',
  COMPLETED: 'completed',
  FAILED: 'failed',
} as const;
export type Status = (typeof Status)[keyof typeof Status];
