import type { DataSource } from 'typeorm';
import { ApiToken, StatusHistory, User } from '../../../src/entities/index.js';
import {
  authenticate,
  createApiToken,
  hashToken,
  revokeApiToken,
} from '../../../src/services/access/index.js';
import { deleteAllRows, describeEachDatabase } from '../../support/databases.js';

const SCOPES = ['read:*'];
const NOON = new Date('2126-11-23T12:00:00.000Z');

const later = (ms: number) => new Date(NOON.getTime() + ms);

describeEachDatabase('API tokens', (database) => {
  let dataSource: DataSource;
  let userId: number;

  const create = (name = 'transfer', more: { expiresAt?: Date } = {}) =>
    createApiToken(dataSource.manager, { userId, name, scopes: SCOPES, ...more });
  const isAccepted = async (token: string, now = NOON) =>
    (await authenticate(dataSource.manager, token, { now })) !== null;
  const found = () => dataSource.manager.findOneByOrFail(ApiToken, { userId });

  beforeAll(async () => {
    dataSource = await database.open();
  });

  beforeEach(async () => {
    await deleteAllRows(dataSource);
    const { identifiers } = await dataSource.manager.insert(User, { username: 'ada' });
    userId = identifiers[0]?.id;
  });

  describe('creating', () => {
    it('returns 32 random bytes and keeps their hash and first 8 characters only', async () => {
      const { token, apiToken } = await create();
      const rows = await dataSource.query('SELECT * FROM api_token');
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
      expect(rows).toMatchObject([{ token_hash: hashToken(token), token_prefix: token.slice(0, 8) }]);
      expect(JSON.stringify(rows)).not.toContain(token);
      expect(apiToken).toMatchObject({
        userId,
        name: 'transfer',
        scopes: SCOPES,
        active: true,
        usageCount: 0,
      });
    });

    it('makes another token every time', async () => {
      expect((await create('one')).token).not.toBe((await create('two')).token);
    });

    it('refuses a second token of one name until the first is taken back', async () => {
      const { apiToken } = await create();
      await expect(create()).rejects.toMatchObject({
        code: 'token_refused',
        message: expect.stringContaining('has a token named transfer'),
      });
      await revokeApiToken(dataSource.manager, apiToken.id);
      expect((await create()).apiToken.id).not.toBe(apiToken.id);
    });

    it('leaves the transaction of the caller usable when it refuses', async () => {
      await create();
      await dataSource.transaction(async (manager) => {
        const again = createApiToken(manager, { userId, name: 'transfer', scopes: SCOPES });
        await expect(again).rejects.toMatchObject({ code: 'token_refused' });
        await createApiToken(manager, { userId, name: 'other', scopes: SCOPES });
      });
      expect(await dataSource.manager.count(ApiToken)).toBe(2);
    });

    it.each([
      [{ scopes: ['read:*', 'write'] }, /"write" is not a scope; .*action:resource.*\* alone/],
      [{ scopes: [] }, /at least one scope/],
      [{ userId: 4711 }, /no user 4711/],
      [{ name: '' }, /name is ""; it must say what the token is for/],
      [{ expiresAt: new Date(Date.now() - 1000) }, /must end in the future/],
      [{ expiresAt: new Date('never') }, /must end in the future/],
    ])('refuses %j', async (fault, message) => {
      const request = { userId, name: 'transfer', scopes: SCOPES, ...fault };
      await expect(createApiToken(dataSource.manager, request)).rejects.toMatchObject({
        code: 'token_refused',
        message: expect.stringMatching(message),
      });
      expect(await dataSource.manager.count(ApiToken)).toBe(0);
    });
  });

  describe('authenticating', () => {
    it('returns the user and the token', async () => {
      const { token, apiToken } = await create();
      expect(await authenticate(dataSource.manager, token)).toMatchObject({
        user: { id: userId, username: 'ada' },
        apiToken: { id: apiToken.id, scopes: SCOPES },
      });
    });

    it('never shows the hash', async () => {
      const { token, apiToken } = await create();
      const authenticated = await authenticate(dataSource.manager, token);
      const shown = JSON.stringify([apiToken, authenticated, await found()]);
      expect(shown).toContain('tokenPrefix');
      expect(shown).not.toContain('tokenHash');
      expect(shown).not.toContain(hashToken(token));
      expect(authenticated?.apiToken).not.toHaveProperty('tokenHash');
    });

    it('accepts neither another text nor the hash itself', async () => {
      const { token } = await create();
      for (const wrong of ['', 'x', `${token}x`, token.toLowerCase(), hashToken(token)])
        expect(await isAccepted(wrong)).toBe(false);
    });

    it('accepts a token until just before its end', async () => {
      const { token } = await create('transfer', { expiresAt: NOON });
      expect(await isAccepted(token, later(-1))).toBe(true);
      expect(await isAccepted(token, NOON)).toBe(false);
    });

    it('accepts a token that was given no end at any time', async () => {
      const { token, apiToken } = await create();
      expect(apiToken.expiresAt).toBeNull();
      expect(await isAccepted(token, new Date('9999-12-31T00:00:00Z'))).toBe(true);
    });

    it('accepts no inactive token', async () => {
      const { token } = await create();
      await dataSource.manager.update(ApiToken, { userId }, { active: false });
      expect(await isAccepted(token)).toBe(false);
    });

    it('accepts no token of an inactive user', async () => {
      const { token } = await create();
      await dataSource.manager.update(User, { id: userId }, { active: false });
      expect(await isAccepted(token)).toBe(false);
      expect((await found()).usageCount).toBe(0);
    });
  });

  describe('noting uses', () => {
    it('notes when, from where and how often', async () => {
      const { token } = await create();
      await authenticate(dataSource.manager, token, { now: NOON, ip: '192.0.2.1' });
      expect(await found()).toMatchObject({ lastUsedAt: NOON, lastUsedIp: '192.0.2.1', usageCount: 1 });
    });

    it('notes nothing within a minute of the last note', async () => {
      const { token } = await create();
      await authenticate(dataSource.manager, token, { now: NOON, ip: '192.0.2.1' });
      await authenticate(dataSource.manager, token, { now: later(59_999), ip: '192.0.2.2' });
      expect(await found()).toMatchObject({ lastUsedAt: NOON, lastUsedIp: '192.0.2.1', usageCount: 1 });
      await authenticate(dataSource.manager, token, { now: later(60_000) });
      expect(await found()).toMatchObject({ lastUsedAt: later(60_000), lastUsedIp: null, usageCount: 2 });
    });

    it('counts many uses at once as one', async () => {
      const { token } = await create();
      await Promise.all(Array.from({ length: 20 }, () => isAccepted(token)));
      expect((await found()).usageCount).toBe(1);
    });

    it('writes nothing where it shall not', async () => {
      const { token } = await create();
      expect(await authenticate(dataSource.manager, token, { note: false })).not.toBeNull();
      expect(await found()).toMatchObject({ lastUsedAt: null, usageCount: 0 });
    });
  });

  describe('taking back', () => {
    it('ends a token for good and says who did it', async () => {
      const { token, apiToken } = await create();
      expect(await revokeApiToken(dataSource.manager, apiToken.id, 'grace')).toBe(true);
      expect(await isAccepted(token)).toBe(false);
      const { active, revokedAt } = await found();
      expect({ active, revokedAt }).toEqual({ active: false, revokedAt: expect.any(Date) });
      expect(await dataSource.manager.find(StatusHistory)).toMatchObject([
        { entity: 'ApiToken', rowId: String(apiToken.id), changedAt: revokedAt, changedBy: 'grace' },
      ]);
    });

    it('changes nothing the second time, nor for an unknown token', async () => {
      const { apiToken } = await create();
      await revokeApiToken(dataSource.manager, apiToken.id, 'grace');
      const { revokedAt } = await found();
      expect(await revokeApiToken(dataSource.manager, apiToken.id, 'alan')).toBe(false);
      expect(await revokeApiToken(dataSource.manager, 4711)).toBe(false);
      expect((await found()).revokedAt).toEqual(revokedAt);
      expect(await dataSource.manager.count(StatusHistory)).toBe(1);
    });
  });
});
