import { Entity, Index, ManyToOne } from 'typeorm';
import { Text, UuidReference } from '../columns.js';
import { UuidKeyed } from '../uuid-keyed.js';
import { DataTransfer } from './data-transfer.js';

/**
 * Where the log of one try of a transfer lies; the log itself is a file.
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { DataTransfer, DataTransferLog } from 'ccat-ops-db';
 *
 * const where = { dataTransferPackage: { packageCount: 3 } };
 * const { id: dataTransferId } = await session.findOneByOrFail(DataTransfer, where);
 * await session.insert(DataTransferLog, { id: randomUUID(), dataTransferId, logPath: 'logs/again.log' });
 *
 * const order = { createdAt: 'ASC' } as const;
 * const logs = await session.find(DataTransferLog, { where: { dataTransferId }, order });
 * console.log(logs.length, logs.at(-1)?.logPath); // 2 logs/again.log
 */
@Entity({ comment: 'Where the log of one try of a transfer lies.' })
@Index(['dataTransferId', 'createdAt'])
export class DataTransferLog extends UuidKeyed {
  /** Transfer that the log is of. */
  @UuidReference({ comment: 'Transfer that the log is of' })
  dataTransferId!: string;

  @ManyToOne(() => DataTransfer, { nullable: false, onDelete: 'CASCADE' })
  dataTransfer?: DataTransfer;

  /** Path of the log file. */
  @Text({ comment: 'Path of the log file' })
  logPath!: string;
}
