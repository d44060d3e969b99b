/** A test of a service with vitest: a database, rows, a test that leaves nothing, a function that is replaced. */
import { getS3Credentials, initCcatOpsDb, Site, withDbSession } from 'ccat-ops-db';
import { createTestDatabase, make, undoable } from 'ccat-ops-db/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

vi.mock('ccat-ops-db', async (original) => ({
  ...(await original()),
  getS3Credentials: vi.fn(() => 'mocked'),
}));

let database;
let db;

beforeAll(async () => {
  database = await createTestDatabase();
  db = await initCcatOpsDb({ settings: database.settings });
});
afterAll(async () => {
  await db.dataSource.destroy();
  await database.remove();
});

it('takes back what it has done', async () => {
  const undo = await undoable(db.dataSource);
  await withDbSession((manager) => make(manager, Site), { dataSource: db.dataSource });
  expect(await db.session.count(Site)).toBe(4);
  await undo();
  expect(await db.session.count(Site)).toBe(3);
});

it('replaces a function', () => {
  expect(getS3Credentials()).toBe('mocked');
});
