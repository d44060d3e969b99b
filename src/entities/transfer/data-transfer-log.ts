import { Entity, Index, ManyToOne } from 'typeorm';
import { Text, UuidReference } from '../columns.js';
import { UuidKeyed } from '../uuid-keyed.js';
import { DataTransfer } from './data-transfer.js';

/** Where the log of one try of a transfer lies; the log itself is a file. */
@Entity({ comment: 'Where the log of one try of a transfer lies.' })
@Index(['dataTransferId', 'createdAt'])
export class DataTransferLog extends UuidKeyed {
  @UuidReference({ comment: 'Transfer that the log is of' })
  dataTransferId!: string;

  @ManyToOne(() => DataTransfer, { nullable: false, onDelete: 'CASCADE' })
  dataTransfer?: DataTransfer;

  @Text({ comment: 'Path of the log file' })
  logPath!: string;
}
