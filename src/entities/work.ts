import { Instant, Int, Text } from './columns.js';
import { UuidKeyed } from './uuid-keyed.js';

/**
 * The columns of work: the worker, the number of attempts, when it is due again and the last error. Each entity
 * declares its status itself, since reduction runs have states of their own.
 */
export abstract class Work extends UuidKeyed {
  /** Priority, higher first. */
  @Int({ comment: 'Priority, higher first', min: 0, max: 100, default: 50 })
  priority!: number;

  /** How often the work failed and was tried again. */
  @Int({ comment: 'How often the work failed and was tried again', min: 0, default: 0 })
  retryCount!: number;

  /** How often the work may be tried again. */
  @Int({ comment: 'How often the work may be tried again', min: 0, default: 3 })
  maxRetries!: number;

  /** Earliest time of the next try, UTC; null: at once. */
  @Instant({ comment: 'Earliest time of the next try, UTC', null: 'at once' })
  nextRetryAt!: Date | null;

  /** Worker that has the work; null: nobody. */
  @Text({ comment: 'Worker that has the work', null: 'nobody' })
  claimedBy!: string | null;

  /** Last sign of life of the worker that has the work, UTC; null: nobody has it. */
  @Instant({ comment: 'Last sign of life of the worker that has the work, UTC', null: 'nobody has it' })
  heartbeatAt!: Date | null;

  /** When the work was given to a worker last, UTC; null: not yet. */
  @Instant({ comment: 'When the work was given to a worker last, UTC', null: 'not yet' })
  scheduledAt!: Date | null;

  /** When the work was begun last, UTC; null: not yet. */
  @Instant({ comment: 'When the work was begun last, UTC', null: 'not yet' })
  startedAt!: Date | null;

  /** When the work came to its end, UTC; null: not yet. */
  @Instant({ comment: 'When the work came to its end, UTC', null: 'not yet' })
  finishedAt!: Date | null;

  /** What went wrong last; null: nothing. */
  @Text({ comment: 'What went wrong last', null: 'nothing' })
  lastError!: string | null;

  /**
   * When work that had failed was given up, UTC: it is never tried again, and holds no copies any more; null:
   * it was not given up.
   */
  @Instant({
    comment:
      'When work that had failed was given up, UTC: it is never tried again, and holds no copies any more',
    null: 'it was not given up',
  })
  givenUpAt!: Date | null;

  /** Who gave the work up; null: nobody. */
  @Text({ comment: 'Who gave the work up', null: 'nobody' })
  givenUpBy!: string | null;

  /** Path of the log of the last try; null: none written. */
  @Text({ comment: 'Path of the log of the last try', null: 'none written' })
  logPath!: string | null;
}
