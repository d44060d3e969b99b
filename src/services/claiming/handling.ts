import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { PhysicalCopy, PhysicalCopyStatus, RunStatus, Status } from '../../entities/index.js';
import type { Work } from '../../entities/work.js';
import { type EntityClass, lifecycleOf, whereDeletable } from '../../lifecycle/index.js';

/** A row that is given to workers: of a class with the columns of work, or a copy that is to be deleted. */
export type Workable = (Work | PhysicalCopy) & ObjectLiteral;

/** How rows of a class are given to workers. */
export interface Handling {
  /** The statuses in which a row waits for a worker. */
  readonly waiting: readonly string[];
  /** The status in which a worker gets a row. */
  readonly claimed: string;
  /** The status of a row that is being worked on, where the worker does not say more; else that of the claim. */
  readonly begun: string;
  /** The statuses in which a worker has a row, in the words of the index of these rows. */
  readonly inHand: readonly string[];
  /** The status of a row whose work is done. */
  readonly done: string;
  /** The status of a row that is given back as it was. */
  readonly released: string;
  /** The property that says since when the worker has the row. */
  readonly claimedAt: 'scheduledAt' | 'startedAt';
  /** Columns by which those to be done first come first. */
  readonly order: readonly (readonly [property: string, direction: 'ASC' | 'DESC'])[];
}

const ORDER_OF_WORK = [
  ['priority', 'DESC'],
  ['createdAt', 'ASC'],
  ['id', 'ASC'],
] as const;

const WORK: Handling = {
  waiting: [Status.PENDING],
  claimed: Status.SCHEDULED,
  begun: Status.IN_PROGRESS,
  inHand: [Status.SCHEDULED, Status.IN_PROGRESS],
  done: Status.COMPLETED,
  released: Status.PENDING,
  claimedAt: 'scheduledAt',
  order: ORDER_OF_WORK,
};

const RUN: Handling = {
  waiting: [RunStatus.PENDING],
  claimed: RunStatus.STAGING_DATA,
  begun: RunStatus.STAGING_DATA,
  inHand: [RunStatus.STAGING_DATA, RunStatus.SUBMITTED, RunStatus.RUNNING, RunStatus.COLLECTING_RESULTS],
  done: RunStatus.COMPLETED,
  released: RunStatus.PENDING,
  claimedAt: 'scheduledAt',
  order: ORDER_OF_WORK,
};

const DELETION: Handling = {
  waiting: [PhysicalCopyStatus.DELETION_SCHEDULED, PhysicalCopyStatus.DELETION_FAILED],
  claimed: PhysicalCopyStatus.DELETION_IN_PROGRESS,
  begun: PhysicalCopyStatus.DELETION_IN_PROGRESS,
  inHand: [PhysicalCopyStatus.DELETION_IN_PROGRESS],
  done: PhysicalCopyStatus.DELETED,
  released: PhysicalCopyStatus.DELETION_SCHEDULED,
  claimedAt: 'startedAt',
  order: [
    ['updatedAt', 'ASC'],
    ['id', 'ASC'],
  ],
};

/** Whether rows of a class are copies, whose work is their deletion. */
export function isCopy(entity: EntityClass<ObjectLiteral>): entity is EntityClass<PhysicalCopy> {
  return entity === (PhysicalCopy as EntityClass<ObjectLiteral>) || entity.prototype instanceof PhysicalCopy;
}

/**
 * How rows of a class are given to workers.
 * @throws TypeError for a class that nobody works on
 */
export function handlingOf(entity: EntityClass<ObjectLiteral>): Handling {
  if (isCopy(entity)) return DELETION;
  const { transitions } = lifecycleOf(entity);
  if (RunStatus.STAGING_DATA in transitions) return RUN;
  if (Status.SCHEDULED in transitions) return WORK;
  throw new TypeError(`${entity.name} is not worked on: its status leads to no worker`);
}

/** Adds to a query that rows wait and are due; copies only where they may be deleted. */
export function whereDue<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  entity: EntityClass<ObjectLiteral>,
): SelectQueryBuilder<E> {
  // In the very words of the index of waiting rows; otherwise SQLite does not use it.
  query.andWhere(oneOf(handlingOf(entity).waiting));
  query.andWhere(`(it.nextRetryAt IS NULL OR it.nextRetryAt <= ${dialectOf(query.dataSource).now})`);
  return isCopy(entity) ? whereDeletable(query, entity, 'it') : query;
}

/** The condition that a row has one of the statuses. */
export function oneOf(statuses: readonly string[]): string {
  const [first, ...more] = statuses.map((status) => `'${status}'`);
  return more.length === 0 ? `it.status = ${first}` : `it.status IN (${[first, ...more].join(', ')})`;
}
