/** Sends several statements to PostgreSQL in one flush, for which the driver has no call. */
import type { ClientBase, Connection, QueryArrayResult, Submittable } from 'pg';
import type { Sent } from './sent.js';

/** Internals of the driver's connection. */
interface Wire {
  readonly stream: { cork?(): void; uncork?(): void };
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  parse(message: { text: string; name?: string }): void;
  bind(message: {
    statement?: string;
    values: readonly unknown[];
    valueMapper(value: unknown): unknown;
  }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: object): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sync(): void;
  on(event: 'readyForQuery' | 'end', listener: () => void): void;
  removeListener(event: 'readyForQuery' | 'end', listener: () => void): void;
}

/** What the driver makes of the description of a statement's rows. */
interface Shape {
  fields: QueryArrayResult['fields'];
  _parsers?: unknown;
  _prebuiltEmptyResultObject?: unknown;
}

/** The driver's collector of the rows of one statement. */
interface Result extends QueryArrayResult, Shape {
  addFields(fields: unknown): void;
  parseRow(fields: unknown): unknown[];
  addRow(row: unknown[]): void;
  addCommandComplete(message: unknown): void;
}

type Driver = typeof import('pg') & {
  readonly Result: new (rowMode: string | undefined, types: unknown) => Result;
  readonly utils: { prepareValue(value: unknown): unknown };
};

/** Statement of a pipeline that failed, by its error. */
const failedStatements = new WeakMap<object, Sent>();

/** The statement of a pipeline that an error is about; none where the connection was lost. */
export function failedStatement(error: unknown): Sent | undefined {
  return failedStatements.get(error as object);
}

/**
 * Sends statements in one flush, which takes one round trip. They end with one Sync: where one of them fails, PostgreSQL
 * passes over all behind it. Outside of a transaction they are a transaction of their own, of which nothing is left then;
 * within one, or when one of them has begun one, that transaction has failed, as after any statement.
 *
 * @param ahead statements in front, sent also when the values of the others cannot be; their results are left out
 * @returns the results in the order of the statements
 * @throws the driver's error of the first statement that failed
 */
export function sendTogether(
  client: ClientBase,
  statements: readonly Sent[],
  ahead: readonly string[] = [],
): Promise<QueryArrayResult[]> {
  return new Promise((resolve, reject) => {
    client.query(new Pipeline(client, statements, resolve, reject).behind(ahead));
  });
}

/**
 * Has statements sent in front of the next query of a client, in the same flush. The query is text, or one of
 * {@link sendTogether}; it gives its own result alone.
 *
 * @returns what sends them by themselves where no query came
 */
export function sendAheadOfNext(client: ClientBase, ahead: readonly string[]): () => Promise<void> {
  const own = client as { query?: unknown };
  const byThemselves = async () => {
    await client.query(ahead.join('; '));
  };
  const query = async (given: string | Sent | Pipeline, values?: readonly unknown[]) => {
    // The method of the class is behind it.
    delete own.query;
    if (given instanceof Pipeline) return client.query(given.behind(ahead));
    const { text } = typeof given === 'string' ? { text: given } : given;
    if (!values && /;\s*\S/.test(text)) {
      // Several statements in one text are for the simple protocol.
      await byThemselves();
      return client.query(text);
    }
    const last = typeof given === 'string' ? { text, values } : given;
    const [result] = await sendTogether(client, [last], ahead);
    return result;
  };
  own.query = query;
  return async () => {
    if (own.query !== query) return;
    delete own.query;
    await byThemselves();
  };
}

/** A client behind a pooler, where the next statement may go to another connection. */
export interface Unnaming {
  readonly keepsNoStatements?: boolean;
}

/** The same statement without a name; also a text with properties. */
export function unnamed<T extends object>(statement: T): T {
  return Object.create(statement, { name: { value: undefined } });
}

/** The driver sees one query. */
class Pipeline implements Submittable {
  private results: Result[] = [];
  /** How many statements in front are not the caller's. */
  private ahead = 0;
  /** Which statement the server answers. */
  private current = 0;
  private error?: unknown;
  private statements: readonly Sent[];

  constructor(
    private readonly client: ClientBase,
    statements: readonly Sent[],
    private readonly resolve: (results: QueryArrayResult[]) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    this.statements = (client as Unnaming).keepsNoStatements ? statements.map(unnamed) : statements;
  }

  /** The same with statements in front of it. */
  behind(ahead: readonly string[]): this {
    this.statements = [...ahead.map((text) => ({ text })), ...this.statements];
    this.ahead = ahead.length;
    return this;
  }

  /** Of the statement that is being answered: the driver notes under it what the server has parsed. */
  get name(): string | undefined {
    return this.statements[this.current]?.name;
  }

  get text(): string | undefined {
    return this.statements[this.current]?.text;
  }

  /** @returns why nothing is sent */
  submit(connection: Connection): Error | undefined {
    const { Result, utils } = driver();
    const wire = connection as unknown as Wire;
    this.connection = wire;
    let values: unknown[][] = [];
    try {
      values = this.statements.map((one) => (one.values ?? []).map((value) => utils.prepareValue(value)));
    } catch (error) {
      if (this.ahead === 0) return error as Error;
      // The statements in front are sent in any case: their callers rely on them.
      this.error = error;
      this.statements = this.statements.slice(0, this.ahead);
    }
    this.results = this.statements.map(({ rowMode }) => new Result(rowMode, this.client));
    wire.stream.cork?.();
    try {
      for (const [at, statement] of this.statements.entries()) {
        const shape = shapeOf(wire, statement);
        if (shape) Object.assign(this.results[at] as Result, shape);
        write(wire, statement, values[at] ?? [], !shape);
      }
      wire.sync();
    } finally {
      wire.stream.uncork?.();
    }
    return undefined;
  }

  private connection?: Wire;

  handleRowDescription({ fields }: { fields: unknown }): void {
    this.results[this.current]?.addFields(fields);
  }

  handleDataRow({ fields }: { fields: unknown }): void {
    if (this.error) return;
    const result = this.results[this.current] as Result;
    try {
      result.addRow(result.parseRow(fields));
    } catch (error) {
      this.error = error;
    }
  }

  handleCommandComplete(message: unknown): void {
    const result = this.results[this.current] as Result;
    if (this.name && this.connection) keepShape(this.connection, this.name, result);
    result.addCommandComplete(message);
    this.current += 1;
  }

  handleEmptyQuery(): void {
    this.current += 1;
  }

  /** The lines are on their way already. */
  handleCopyInResponse(): void {}

  handleError(error: unknown): void {
    const failed = this.statements[this.current];
    if (failed && error instanceof Error && 'severity' in error) failedStatements.set(error, failed);
    // The server has not parsed the statements that it skipped.
    for (const { name } of this.statements.slice(this.current))
      if (name && this.connection) delete this.connection.submittedNamedStatements[name];
    const { connection } = this;
    const reject = () => {
      connection?.removeListener('readyForQuery', reject);
      connection?.removeListener('end', reject);
      this.reject(this.error ?? error);
    };
    if (!failedStatements.has(Object(error))) {
      reject();
      return;
    }
    // Until then the connection is busy, and reports the former state of its transaction.
    connection?.on('readyForQuery', reject);
    connection?.on('end', reject);
  }

  handleReadyForQuery(): void {
    if (this.error) this.reject(this.error);
    else this.resolve(this.results.slice(this.ahead));
  }
}

function isParsed({ parsedStatements, submittedNamedStatements }: Wire, { name }: Sent): boolean {
  return name !== undefined && (parsedStatements[name] ?? submittedNamedStatements[name]) !== undefined;
}

/**
 * The shapes of statements that the server keeps, by connection and name. They stay as they are: once a table is changed so that the
 * rows are others, the server refuses the statement.
 */
const shapes = new WeakMap<Wire, Map<string, Shape>>();

function shapeOf(wire: Wire, statement: Sent): Shape | undefined {
  return isParsed(wire, statement) ? shapes.get(wire)?.get(statement.name as string) : undefined;
}

function keepShape(wire: Wire, name: string, result: Shape): void {
  const known = shapes.get(wire) ?? new Map<string, Shape>();
  shapes.set(wire, known);
  const { fields, _parsers, _prebuiltEmptyResultObject } = result;
  if (known.get(name)?.fields !== fields) known.set(name, { fields, _parsers, _prebuiltEmptyResultObject });
}

function write(wire: Wire, statement: Sent, values: readonly unknown[], describes: boolean): void {
  const { text, name, lines } = statement;
  if (!isParsed(wire, statement)) {
    wire.parse({ text, name });
    if (name) wire.submittedNamedStatements[name] = text;
  }
  wire.bind({ statement: name, values, valueMapper: (value) => value });
  if (!lines && describes) wire.describe({ type: 'P', name: '' });
  wire.execute({});
  if (!lines) return;
  for (const piece of lines) {
    wire.sendCopyFromChunk(Buffer.from(piece));
    // The server reads it while the next one is made.
    wire.stream.uncork?.();
    wire.stream.cork?.();
  }
  wire.endCopyFrom();
}

let loaded: Driver | undefined;

/** The driver, loaded at first use and cached: `require` takes about 80 µs even for a loaded module. */
function driver(): Driver {
  loaded ??= require('pg') as Driver;
  return loaded;
}
