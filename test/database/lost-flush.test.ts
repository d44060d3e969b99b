import type { DataSource, EntityManager } from 'typeorm';
import { atOnce, together, writeStepOf } from '../../src/database/together.js';
import { createDataSource } from '../../src/datasource.js';
import { Site } from '../../src/entities/index.js';
import { type Cut, cuttable } from '../support/cutting-socket.js';
import { describePostgresql } from '../support/databases.js';

const ROWS = 3;
const POINTS = [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 0.99];

describePostgresql('a connection that is lost at any point of a flush', (database) => {
  let near: DataSource;
  let far: DataSource;
  let cut: Cut;
  let names = 100;
  beforeAll(async () => {
    const options = await database.create('tables');
    near = await database.open(options);
    far = createDataSource(options);
    cut = cuttable(far);
    await far.initialize();
  });
  afterAll(() => far.destroy());

  const inserts = (manager: EntityManager, shortName: string) =>
    Array.from({ length: ROWS }, (_, at) =>
      writeStepOf(
        manager
          .createQueryBuilder()
          .insert()
          .into(Site)
          .values({ name: `${shortName} ${at}`, shortName: `${shortName}${at}` })
          .updateEntity(false),
      ),
    );
  const byItself = (name: string) => atOnce(far.manager, inserts(far.manager, name));
  const inTransaction = (name: string) =>
    far.transaction((manager) => together(manager.queryRunner as never, inserts(manager, name)));
  /** How much goes either way for one flush, on a connection that is there. */
  const sizes = async () => {
    // The server parses the statements the first time.
    await byItself(`n${names++}`);
    Object.assign(cut, { sent: 0, received: 0 });
    await byItself(`n${names++}`);
    return { afterSent: cut.sent, afterReceived: cut.received };
  };
  /** What is there, and what the caller hears, where a flush is cut at a part of its bytes. */
  const lost = async (work: typeof byItself, way: 'afterSent' | 'afterReceived', part: number) => {
    const name = `n${names++}`;
    const whole = await sizes();
    Object.assign(cut, { sent: 0, received: 0, [way]: Math.floor(whole[way] * part) });
    const error = await work(name).then(
      () => undefined,
      (cause) => cause,
    );
    Object.assign(cut, { afterSent: undefined, afterReceived: undefined });
    const rows = await near
      .getRepository(Site)
      .countBy([0, 1, 2].map((at) => ({ shortName: `${name}${at}` })));
    return { code: error?.code, outcome: error?.outcome, rows };
  };

  it.each(POINTS)('before the server has all of it: nothing is left (%d of the request)', async (part) => {
    expect(await lost(byItself, 'afterSent', part)).toEqual({
      code: 'connection_lost',
      outcome: 'unknown',
      rows: 0,
    });
  });

  it.each(POINTS)(
    'while it answers: all of it is there, which the caller is told not to know (%d)',
    async (part) => {
      const found = await lost(byItself, 'afterReceived', part);
      expect(found).toEqual({ code: 'connection_lost', outcome: 'unknown', rows: ROWS });
    },
  );

  it.each(POINTS)(
    'in a transaction that is not committed: nothing is left (%d of the answer)',
    async (part) => {
      const found = await lost(inTransaction, 'afterReceived', part);
      expect(found).toEqual({ code: 'connection_lost', outcome: 'rolled_back', rows: 0 });
    },
  );
});
