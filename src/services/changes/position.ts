import { OpsDbError } from '../../errors.js';

/**
 * What of the history was visible at a moment, by the numbers of transactions: all below `next`, except those that were
 * `open`. The numbers are larger than JavaScript is exact for, and only the database computes with them.
 */
export interface Visible {
  readonly next: string;
  readonly open: readonly string[];
}

/** A place in the changes of PostgreSQL: all that was visible before, and of what became visible since up to an entry. */
export interface Position {
  /** Identifier of the server's data: that of another server numbers its transactions otherwise. */
  readonly system: string;
  readonly seen: Visible;
  /** What is being read; undefined where the next look decides it. */
  readonly upTo?: Visible;
  /** The entry of the history up to which it was read. */
  readonly after: string;
}

/** The position before all changes. */
export const NOTHING: Visible = { next: '0', open: [] };

const NUMBER = String.raw`\d{1,19}`;
const VISIBLE = `(${NUMBER})((?:_${NUMBER})*)`;
const POSTGRESQL = new RegExp(String.raw`^p1\.(${NUMBER})\.${VISIBLE}\.(?:${VISIBLE})?\.(${NUMBER})$`);
const SQLITE = new RegExp(`^s1\\.(${NUMBER})$`);

/** A position as text, for a cursor. */
export function cursorOf({ system, seen, upTo, after }: Position): string {
  return ['p1', system, textOf(seen), upTo ? textOf(upTo) : '', after].join('.');
}

/** The same on SQLite, where changes are committed in the order of their numbers. */
export function cursorOfEntry(id: number): string {
  return `s1.${id}`;
}

/** @throws OpsDbError `cursor_invalid` */
export function positionOf(cursor: string): Position {
  const [matched, system = '', seen = '', seenOpen = '', upTo, upToOpen = '', after = ''] =
    POSTGRESQL.exec(cursor) ?? [];
  if (matched === undefined) throw invalid(cursor, 'one that changes on PostgreSQL gave');
  return {
    system,
    seen: visibleOf(seen, seenOpen),
    after,
    upTo: upTo === undefined ? undefined : visibleOf(upTo, upToOpen),
  };
}

/** @throws OpsDbError `cursor_invalid` */
export function entryOf(cursor: string): number {
  const [, id] = SQLITE.exec(cursor) ?? [];
  if (id === undefined) throw invalid(cursor, 'one that changes on SQLite gave');
  return Number(id);
}

export function invalid(cursor: string, allowed: string): OpsDbError {
  return new OpsDbError(
    'cursor_invalid',
    `the cursor ${cursor} leads nowhere; it must be ${allowed} for this database. Start from the beginning ` +
      "(since: 'beginning', --since beginning) or from now (without it)",
  );
}

function textOf({ next, open }: Visible): string {
  return [next, ...open].join('_');
}

function visibleOf(next: string, open: string): Visible {
  return { next, open: open.split('_').filter((number) => number !== '') };
}
