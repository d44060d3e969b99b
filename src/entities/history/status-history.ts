import { Entity, Index } from 'typeorm';
import { Instant, Key, Text, WideInt } from '../columns.js';

/**
 * One step of one row from one status to another. Rows are only ever added.
 *
 * @example
 * import { RawDataPackage, StatusHistory } from 'ccat-ops-db';
 *
 * const { id } = await session.findOneByOrFail(RawDataPackage, { instrumentModule: { name: 'HFA' } });
 * const steps = await session.find(StatusHistory, {
 *   where: { entity: 'RawDataPackage', rowId: id, field: 'state' },
 *   order: { changedAt: 'ASC', id: 'ASC' },
 * });
 * const states = steps.map(({ toStatus }) => toStatus);
 * console.log(steps[0]?.fromStatus, states); // waiting [ 'transferring', 'archived' ]
 */
@Entity({ comment: 'One step of one row from one status to another; rows are only added.' })
@Index(['rowId', 'changedAt'])
@Index(['transactionNumber'])
export class StatusHistory {
  /** Key of the row, given by the database. */
  @Key()
  id!: number;

  /** Class name of what changed. */
  @Text({ comment: 'Class name of what changed' })
  entity!: string;

  /** Key of the row that changed. */
  @Text({ comment: 'Key of the row that changed' })
  rowId!: string;

  /** Column that changed. */
  @Text({ comment: 'Column that changed' })
  field!: string;

  /** Status before; null: the row is new. */
  @Text({ comment: 'Status before', null: 'the row is new' })
  fromStatus!: string | null;

  /** Status after. */
  @Text({ comment: 'Status after' })
  toStatus!: string;

  /** When the status changed, UTC. */
  @Instant({ comment: 'When the status changed, UTC' })
  changedAt!: Date;

  /** Worker, service or user that changed it; null: not said. */
  @Text({ comment: 'Worker, service or user that changed it', null: 'not said' })
  changedBy!: string | null;

  /** Why it changed, such as an error; null: nothing to say. */
  @Text({ comment: 'Why it changed, such as an error', null: 'nothing to say' })
  reason!: string | null;

  /** Transaction that wrote the row: 2^40 x timeline of the server + number; 0 on SQLite and before. */
  @WideInt({
    comment: 'Transaction that wrote the row: 2^40 x timeline of the server + number; 0 on SQLite and before',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    default: 0,
  })
  transactionNumber!: number;
}
