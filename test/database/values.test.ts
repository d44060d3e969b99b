import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSource, MoreThan } from 'typeorm';
import { ApiToken } from '../../src/entities/access/api-token.js';
import { User } from '../../src/entities/access/user.js';
import { describeEachDatabase } from '../support/databases.js';

describeEachDatabase('a value', (database) => {
  let dataSource: DataSource;
  let user: User;

  beforeAll(async () => {
    dataSource = await database.open();
    user = await dataSource.manager.save(
      dataSource.manager.create(User, {
        username: 'observer',
        githubId: Number.MAX_SAFE_INTEGER,
        active: false,
        lastLoginAt: new Date('2026-03-29T01:30:00.123Z'),
      }),
    );
  });

  it('is read as it was written: whole number, instant, flag', async () => {
    const read = await dataSource.manager.findOneByOrFail(User, { id: user.id });
    expect(read).toMatchObject({
      githubId: Number.MAX_SAFE_INTEGER,
      lastLoginAt: new Date('2026-03-29T01:30:00.123Z'),
      active: false,
      email: null,
    });
  });

  it('is read as it was written: JSON', async () => {
    const scopes = ['*', 'ä', '"'];
    const token = {
      userId: user.id,
      name: 't',
      scopes,
      tokenHash: 'a'.repeat(64),
      tokenPrefix: 'a'.repeat(8),
    };
    await dataSource.manager.insert(ApiToken, token);
    expect(await dataSource.manager.findOneByOrFail(ApiToken, { name: 't' })).toMatchObject({ scopes });
  });

  it('is found by an instant', async () => {
    const at = new Date('2026-03-29T01:30:00.123Z');
    expect(await dataSource.manager.countBy(User, { lastLoginAt: at })).toBe(1);
    const before = new Date(at.getTime() - 1);
    expect(await dataSource.manager.countBy(User, { lastLoginAt: MoreThan(before) })).toBe(1);
    expect(await dataSource.manager.countBy(User, { lastLoginAt: MoreThan(at) })).toBe(0);
  });

  it('says when the row was written and changed, to the millisecond', async () => {
    const milliseconds = new Set<number>();
    for (let times = 0; times < 5; times++) {
      const before = Date.now();
      await sleep(3);
      await dataSource.manager.update(User, { id: user.id }, { displayName: `name ${times}` });
      const { updatedAt, createdAt } = await dataSource.manager.findOneByOrFail(User, { id: user.id });
      expect(updatedAt.getTime()).toBeGreaterThan(before);
      expect(updatedAt.getTime()).toBeGreaterThan(createdAt.getTime());
      expect(updatedAt.getTime()).toBeLessThanOrEqual(Date.now());
      milliseconds.add(updatedAt.getTime() % 1000);
    }
    expect(milliseconds.size).toBeGreaterThan(1);
  });
});
