import { CreatedAt, Key, UpdatedAt } from './columns.js';

/** What rows of plans, places and access have in common: an integer key and when they were written. */
export abstract class Keyed {
  @Key()
  id!: number;

  @CreatedAt()
  createdAt!: Date;

  @UpdatedAt()
  updatedAt!: Date;
}
