import { timingSafeEqual } from 'node:crypto';
import { type EntityManager, IsNull, LessThanOrEqual, Or } from 'typeorm';
import { ApiToken, type User } from '../../entities/index.js';
import { hashToken } from './tokens.js';

const USE_IS_NOTED_EVERY_MS = 60_000;

/** How a token came. */
export interface Use {
  /** Network address that the token came from. */
  readonly ip?: string;
  /** The moment to judge at; by default the present. */
  readonly now?: Date;
  /** Whether to note the use; `false` where the database is a replica that cannot be written. By default true. */
  readonly note?: boolean;
}

/** Who a valid token stands for. */
export interface Authenticated {
  /** The user, without roles. */
  readonly user: User;
  /** The token, without its hash. */
  readonly apiToken: ApiToken;
}

/**
 * Finds the user that a token stands for, and notes its use at most once a minute: a use less than a minute after the
 * last one that was noted changes neither `lastUsedAt` and `lastUsedIp` nor `usageCount`. The note locks the row of the
 * token until the transaction of the manager ends.
 * @param token the secret as its user has sent it
 * @returns null when the token is unknown, inactive, taken back or at its end, or its user is inactive
 *
 * @example
 * import { authenticate, createApiToken, User } from 'ccat-ops-db';
 *
 * const { id: userId } = await session.findOneByOrFail(User, { username: 'demo-service' });
 * const { token } = await createApiToken(session, { userId, name: 'filing', scopes: ['write:*'] });
 *
 * const access = await authenticate(session, token, { ip: '198.51.100.7' });
 * console.log(access?.user.username, access?.apiToken.scopes); // demo-service [ 'write:*' ]
 * console.log(await authenticate(session, 'a guess')); // null
 */
export async function authenticate(
  manager: EntityManager,
  token: string,
  { ip, now = new Date(), note = true }: Use = {},
): Promise<Authenticated | null> {
  const tokenHash = hashToken(token);
  const apiToken = await manager
    .createQueryBuilder(ApiToken, 'apiToken')
    .addSelect('apiToken.tokenHash')
    .innerJoinAndSelect('apiToken.user', 'user')
    .where({ tokenHash })
    .getOne();
  if (!apiToken || !timingSafeEqual(Buffer.from(apiToken.tokenHash), Buffer.from(tokenHash))) return null;
  // Whoever gets the entity may print or send it.
  Reflect.deleteProperty(apiToken, 'tokenHash');
  const user = apiToken.user as User;
  if (!apiToken.isValid(now) || !user.active) return null;
  if (note) await noteUse(manager, apiToken, now, ip);
  return { user, apiToken };
}

async function noteUse(manager: EntityManager, apiToken: ApiToken, now: Date, ip?: string): Promise<void> {
  const { id, lastUsedAt } = apiToken;
  const minuteAgo = new Date(now.getTime() - USE_IS_NOTED_EVERY_MS);
  if (lastUsedAt !== null && lastUsedAt > minuteAgo) return;
  await manager.update(
    ApiToken,
    // Of several requests at once, only the first finds the row like this.
    { id, lastUsedAt: Or(IsNull(), LessThanOrEqual(minuteAgo)) },
    { lastUsedAt: now, lastUsedIp: ip ?? null, usageCount: () => '"usage_count" + 1' },
  );
}
