import { CreatedAt, UpdatedAt, UuidKey } from './columns.js';

/**
 * The common columns of rows that the telescope and the services make: a UUID that the writer gives, so that a row can
 * be sent twice without harm, and when they were written.
 */
export abstract class UuidKeyed {
  /** Key of the row, a UUID given by its writer. */
  @UuidKey()
  id!: string;

  /** When the row was written first, UTC. */
  @CreatedAt()
  createdAt!: Date;

  /** When the row was changed last, UTC. */
  @UpdatedAt()
  updatedAt!: Date;
}
