import { CreatedAt, UpdatedAt, UuidKey } from './columns.js';

/**
 * What rows have in common that the telescope and the services make: a UUID that the writer gives, so that a
 * row can be sent twice without harm, and when they were written.
 */
export abstract class UuidKeyed {
  @UuidKey()
  id!: string;

  @CreatedAt()
  createdAt!: Date;

  @UpdatedAt()
  updatedAt!: Date;
}
