import type { DataSource } from 'typeorm';

/** The kinds of databases by name. */
export const DATABASES = ['postgresql', 'sqlite'] as const;

/** A way to do a task: a driver by hand, this package, TypeORM, another library. */
export interface Contender<Given> {
  /** What it leaves out, where it does less than the others; the table marks it. */
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
  /** The fastest known way by hand is called `raw`. Those of bench/peers/ are added by the name of the task. */
  readonly contenders: Readonly<Record<string, Contender<Given>>>;
  /** Fills a database that has tables and no rows. Tasks with the same function share a database. */
  readonly fill: (dataSource: DataSource) => Promise<void>;
  /** Brings the database into the initial state before each run, and returns the input of the work. */
  readonly given: (dataSource: DataSource) => Promise<Given>;
  /** Throws unless the work was done; after each run of the work. */
  readonly check: (dataSource: DataSource, given: Given, result: unknown) => Promise<void>;
  /** How often the work is done in a process before it is timed; by default 0. */
  readonly warmUps?: number;
  /** How often the work is done in a process and timed; by default 1. */
  readonly repeats?: number;
}

/** The cost of one run. */
export interface Run {
  readonly wallMs: number;
  /** Of this process, without the server. */
  readonly cpuMs: number;
  /** Resident memory before the work. */
  readonly baseMb: number;
  /** Peak of resident memory. */
  readonly peakMb: number;
}

/** Whether a database is on a PostgreSQL server. */
export function isPostgresql(database: string): boolean {
  return database.startsWith('postgresql:');
}
