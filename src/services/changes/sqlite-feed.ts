import { type DataSource, In, MoreThan } from 'typeorm';
import { StatusHistory } from '../../entities/index.js';
import { BEGINNING, type Feed, type FeedOptions, PIECE, type StatusChange } from './feed.js';
import { cursorOfEntry, entryOf } from './position.js';

/** The changes of SQLite, where only one transaction writes at a time: the order of the keys is that of the commits. */
export class SqliteFeed implements Feed {
  private after?: number;

  constructor(
    private readonly dataSource: DataSource,
    private readonly options: FeedOptions,
  ) {
    const { since } = options;
    if (since !== undefined) this.after = since === BEGINNING ? 0 : entryOf(since);
  }

  async read(): Promise<readonly StatusChange[]> {
    const { manager } = this.dataSource;
    this.after ??= (await manager.maximum(StatusHistory, 'id')) ?? 0;
    const { names } = this.options;
    const entries = await manager.find(StatusHistory, {
      where: { id: MoreThan(this.after), ...(names && { entity: In([...names]) }) },
      order: { id: 'ASC' },
      take: PIECE,
    });
    this.after = entries.at(-1)?.id ?? this.after;
    return entries.map((entry) => ({
      cursor: cursorOfEntry(entry.id),
      entity: entry.entity,
      id: entry.rowId,
      property: entry.field,
      from: entry.fromStatus,
      to: entry.toStatus,
      at: entry.changedAt,
      by: entry.changedBy,
      reason: entry.reason,
    }));
  }
}
