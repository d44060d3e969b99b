import { CreatedAt, Key, UpdatedAt } from './columns.js';

/** The common columns of rows of plans, locations and access: an integer key and when they were written. */
export abstract class Keyed {
  /** Key of the row, given by the database. */
  @Key()
  id!: number;

  /** When the row was written first, UTC. */
  @CreatedAt()
  createdAt!: Date;

  /** When the row was changed last, UTC. */
  @UpdatedAt()
  updatedAt!: Date;
}
