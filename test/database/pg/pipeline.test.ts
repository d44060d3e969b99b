import { Client } from 'pg';
import { failedStatement, sendTogether } from '../../../src/database/pg/pipeline.js';
import type { Sent } from '../../../src/database/pg/sent.js';
import { describePostgresql } from '../../support/databases.js';

/** What leans on the insides of the driver: these tests fail where a new version of it changes them. */
describePostgresql('statements in one flush', (database) => {
  let client: Client;
  beforeEach(async () => {
    client = await connected();
    await client.query('CREATE TABLE number (value int PRIMARY KEY CHECK (value > 0))');
  });
  afterEach(async () => {
    await client.end();
    const other = await connected();
    await other.query('DROP TABLE number');
    await other.end();
  });

  const connected = async () => {
    const { host, port, user, password, database: name } = database.options.settings.postgresql;
    const one = new Client({ host, port, user, password, database: name });
    // A loss is reported by the statement that meets it.
    one.on('error', () => {});
    await one.connect();
    return one;
  };
  const insert = (value: unknown): Sent => ({
    text: 'INSERT INTO number VALUES ($1)',
    values: [value],
    name: 'insert',
  });
  const numbers = async () => {
    const other = await connected();
    const { rows } = await other.query('SELECT value FROM number ORDER BY value');
    await other.end();
    return rows.map(({ value }) => value);
  };
  /** The error of sending, and what the connection says of itself right after it. */
  const failed = async (statements: readonly Sent[]) => {
    const error = await sendTogether(client, statements).then(
      () => undefined,
      (cause) => cause,
    );
    return { error, text: failedStatement(error)?.text };
  };
  /** Whether the connection is in no transaction and answers in order. */
  const isIdle = async () => {
    const { rows } = await client.query('SELECT 1 AS one');
    return rows[0]?.one === 1 && client.getTransactionStatus() === 'I';
  };

  it('give their results in order, rows as arrays or objects, and are committed', async () => {
    const [inserted, asArrays, asObjects] = await sendTogether(client, [
      insert(7),
      { text: 'SELECT value, $1::text AS text FROM number', values: ['x'], rowMode: 'array' },
      { text: 'SELECT value FROM number' },
    ]);
    expect(inserted).toMatchObject({ command: 'INSERT', rowCount: 1 });
    expect(asArrays?.rows).toEqual([[7, 'x']]);
    expect(asObjects?.rows).toEqual([{ value: 7 }]);
    expect(await numbers()).toEqual([7]);
  });

  it('copy rows between other statements', async () => {
    const results = await sendTogether(client, [
      insert(1),
      { text: 'COPY number FROM STDIN', lines: ['2\n3\n', '4\n'] },
      { text: 'SELECT count(*)::int FROM number', rowMode: 'array' },
    ]);
    expect(results.map(({ rowCount }) => rowCount)).toEqual([1, 3, 1]);
    expect(results[2]?.rows).toEqual([[4]]);
    expect(await isIdle()).toBe(true);
  });

  it.each([
    ['first', [insert(0), insert(1), insert(2)]],
    ['in the middle', [insert(1), insert(0), insert(2)]],
    ['last', [insert(1), insert(2), insert(0)]],
  ])('leave nothing and an idle connection when the row that is refused comes %s', async (_, statements) => {
    expect(await failed(statements)).toMatchObject({ error: { code: '23514' }, text: insert(0).text });
    expect(await isIdle()).toBe(true);
    expect(await numbers()).toEqual([]);
    await sendTogether(client, [insert(5)]);
    expect(await numbers()).toEqual([5]);
  });

  it.each([['0\n1\n'], ['1\n0\n'], ['word\n']])(
    'leave nothing of a copy that is refused: %j',
    async (lines) => {
      const copy = { text: 'COPY number FROM STDIN', lines: [lines] };
      expect((await failed([insert(9), copy, insert(8)])).text).toBe(copy.text);
      expect((await failed([{ ...copy, text: 'COPY nothing FROM STDIN' }])).error.code).toBe('42P01');
      expect(await isIdle()).toBe(true);
      expect(await numbers()).toEqual([]);
    },
  );

  it('prepare a statement anew that was passed over the first time', async () => {
    const broken = { text: 'SELECT 1 / $1::int', values: [0] };
    await failed([broken, insert(1)]);
    await sendTogether(client, [insert(1), insert(2)]);
    await sendTogether(client, [insert(3)]);
    expect(await numbers()).toEqual([1, 2, 3]);
    const { rows } = await client.query('SELECT name FROM pg_prepared_statements');
    expect(rows).toEqual([{ name: 'insert' }]);
  });

  it('have the rows of a kept statement described once, as arrays and as objects', async () => {
    const select: Sent = {
      text: 'SELECT value, $1::text AS text FROM number',
      values: ['x'],
      name: 'select',
    };
    const described: unknown[] = [];
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
    connection.on('rowDescription', (message) => described.push(message));
    const [, first] = await sendTogether(client, [insert(1), { ...select, rowMode: 'array' }]);
    const again = await sendTogether(client, [select, insert(2), { ...select, rowMode: 'array' }]);
    expect(described).toHaveLength(1);
    expect(first?.rows).toEqual([[1, 'x']]);
    expect(again.map(({ rows }) => rows)).toEqual([[{ value: 1, text: 'x' }], [], expect.anything()]);
    expect(again[2]?.rows).toEqual([
      [1, 'x'],
      [2, 'x'],
    ]);
    expect(again[0]?.fields.map(({ name }) => name)).toEqual(['value', 'text']);
  });

  it('refuse a kept statement whose rows have become others, and describe it anew under another name', async () => {
    const select: Sent = { text: 'SELECT * FROM number', name: 'all', rowMode: 'array' };
    await sendTogether(client, [insert(1), select]);
    await sendTogether(client, [select]);
    await client.query('ALTER TABLE number ADD added text DEFAULT $$new$$');
    expect((await failed([select])).error).toMatchObject({ code: '0A000' });
    const [found] = await sendTogether(client, [{ ...select, name: 'all anew' }]);
    expect(found?.rows).toEqual([[1, 'new']]);
  });

  it('send nothing when a value cannot be written', async () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect((await failed([insert(1), insert(circle)])).error).toBeInstanceOf(Error);
    expect(await isIdle()).toBe(true);
    expect(await numbers()).toEqual([]);
  });

  it('leave an open transaction failed, as any statement does', async () => {
    await client.query('BEGIN');
    await failed([insert(1), insert(0)]);
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
    expect(await numbers()).toEqual([]);
  });

  it('go on in the transaction that they have begun', async () => {
    await sendTogether(client, [{ text: 'BEGIN' }, insert(1)]);
    expect(await numbers()).toEqual([]);
    await sendTogether(client, [insert(2), { text: 'COMMIT' }]);
    expect(await numbers()).toEqual([1, 2]);
    expect(await isIdle()).toBe(true);
  });

  it.each([
    ['57014', `SET statement_timeout = 50`, ''],
    ['57014', '', 'pg_cancel_backend'],
    ['57P01', '', 'pg_terminate_backend'],
  ])('are undone with %s (%s%s)', async (code, setting, end) => {
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    if (setting) await client.query(setting);
    const sent = failed([insert(1), { text: 'SELECT pg_sleep(20)' }, insert(2)]);
    if (end) {
      const other = await connected();
      const isAsleep = `SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'`;
      while ((await other.query(isAsleep, [rows[0].pid])).rowCount === 0);
      await other.query(`SELECT ${end}($1)`, [rows[0].pid]);
      await other.end();
    }
    expect((await sent).error).toMatchObject({ code });
    expect(await numbers()).toEqual([]);
    if (code === '57014') expect(await isIdle()).toBe(true);
  });

  it('fail with the connection, whatever was answered by then', async () => {
    const sent = failed([insert(1), { text: 'SELECT pg_sleep(1)' }]);
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    expect((await sent).error.message).toMatch(/terminated unexpectedly/);
    await expect(sendTogether(client, [insert(2)])).rejects.toThrow();
  });
});
