import type { DataSource } from 'typeorm';

/** The kinds of databases by name. */
export const DATABASES = ['postgresql', 'sqlite'] as const;

/** A way to do a task: a driver by hand, this package, TypeORM, another library. */
export interface Contender<Given> {
  /** What it leaves out of the work, where it does less than the others: the table marks it. */
  readonly less?: string;
  /** The one kind of database that it works with here; both where left out. */
  readonly only?: (typeof DATABASES)[number];
  /** Connects with means of its own; not timed. */
  readonly connect: (database: string) => Promise<Connected<Given>>;
}

/** A contender that has a connection. */
export interface Connected<Given> {
  /** Does the work once: this is timed. */
  readonly run: (given: Given) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** Work that contenders do on equal terms, each run in a process of its own. */
export interface Task<Given> {
  /** What is done, for the head of the table. */
  readonly title: string;
  /** The best that is known by hand is called `raw`. Those of bench/peers/ join by the name of the task. */
  readonly contenders: Readonly<Record<string, Contender<Given>>>;
  /** Fills a database that has tables and no rows. Tasks with the same function share a database. */
  readonly fill: (dataSource: DataSource) => Promise<void>;
  /** Brings the database into the state to begin with, and says what to work on; before each run of the work. */
  readonly given: (dataSource: DataSource) => Promise<Given>;
  /** Throws unless the work was done; after each run of the work. */
  readonly check: (dataSource: DataSource, given: Given, result: unknown) => Promise<void>;
  /** How often the work is done in a process before it is timed; by default 0. */
  readonly warmUps?: number;
  /** How often the work is done in a process and timed; by default 1. */
  readonly repeats?: number;
}

/** What doing the work once took. */
export interface Run {
  readonly wallMs: number;
  /** Of the process; what the server does is not in it. */
  readonly cpuMs: number;
  /** Resident before the work. */
  readonly baseMb: number;
  /** Resident at most. */
  readonly peakMb: number;
}

/** Whether a database is on a PostgreSQL server. */
export function isPostgresql(database: string): boolean {
  return database.startsWith('postgresql:');
}
