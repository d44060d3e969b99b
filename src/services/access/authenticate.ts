import { timingSafeEqual } from 'node:crypto';
import { type EntityManager, IsNull, LessThanOrEqual, MoreThan, Or, type UpdateQueryBuilder } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { withRunner } from '../../database/read-runner.js';
import { atOnce, type BoundStatement, stepOf, together } from '../../database/together.js';
import { ApiToken, User } from '../../entities/index.js';
import { assertInstant } from '../../values/arguments.js';
import { ALIAS, queryOf, readerOf } from '../reading/reader.js';
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
 * @returns null when the token is no text, unknown, inactive, taken back or at its end, or its user is inactive
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
  if (typeof token !== 'string' || token === '') return null;
  assertInstant('now', now);
  const { dataSource } = manager;
  const tokenHash = hashToken(token);
  const minuteAgo = new Date(now.getTime() - USE_IS_NOTED_EVERY_MS);
  const steps = [tokenStep(manager, tokenHash), userStep(manager, tokenHash)];
  // On SQLite a write that finds nothing locks the file all the same.
  const isNotedAtOnce = note && dialectOf(dataSource).hasServer;
  const [[row] = [], [of] = []] = isNotedAtOnce
    ? await atOnce(manager, [...steps, noteStep(manager, tokenHash, { now, minuteAgo, ip })])
    : await withRunner(manager, (runner) => together(runner, steps));
  if (!row || !of || !timingSafeEqual(Buffer.from(String(row.at(-1))), Buffer.from(tokenHash))) return null;
  const apiToken = readerOf(dataSource, dataSource.getMetadata(ApiToken)).hydrate(row) as ApiToken;
  const user = readerOf(dataSource, dataSource.getMetadata(User)).hydrate(of) as User;
  apiToken.user = user;
  if (!apiToken.isValid(now) || !user.active) return null;
  const isDue = apiToken.lastUsedAt === null || apiToken.lastUsedAt <= minuteAgo;
  if (note && isDue && !isNotedAtOnce) await noteUse(manager, tokenHash, { now, minuteAgo, ip }).execute();
  return { user, apiToken };
}

/** The token, with its hash behind its columns. */
function tokenStep({ dataSource }: EntityManager, tokenHash: string): BoundStatement {
  const hash = `${ALIAS}.tokenHash`;
  const query = queryOf(dataSource, dataSource.getMetadata(ApiToken)).addSelect(hash).where({ tokenHash });
  return stepOf(query);
}

function userStep({ dataSource }: EntityManager, tokenHash: string): BoundStatement {
  const query = queryOf(dataSource, dataSource.getMetadata(User));
  const ofToken = query.subQuery().select('token.userId').from(ApiToken, 'token');
  ofToken.where('token.tokenHash = :tokenHash');
  return stepOf(query.where(`${ALIAS}.id = ${ofToken.getQuery()}`, { tokenHash }));
}

interface Note {
  readonly now: Date;
  readonly minuteAgo: Date;
  readonly ip?: string;
}

function noteStep(manager: EntityManager, tokenHash: string, note: Note): BoundStatement {
  return stepOf(noteUse(manager, tokenHash, note));
}

/** Notes the use of a token that is valid, where the last one that was noted is long enough ago. */
function noteUse(
  manager: EntityManager,
  tokenHash: string,
  { now, minuteAgo, ip }: Note,
): UpdateQueryBuilder<ApiToken> {
  const users = manager.createQueryBuilder(User, 'user').select('1');
  users.where('user.id = "api_token"."user_id" AND user.active');
  return (
    manager
      .createQueryBuilder()
      .update(ApiToken)
      .set({ lastUsedAt: now, lastUsedIp: ip ?? null, usageCount: () => '"usage_count" + 1' })
      // Of several requests at once, only the first finds the row like this.
      .where({
        tokenHash,
        active: true,
        revokedAt: IsNull(),
        lastUsedAt: Or(IsNull(), LessThanOrEqual(minuteAgo)),
      })
      .andWhere({ expiresAt: Or(IsNull(), MoreThan(now)) })
      .andWhere(`EXISTS (${users.getQuery()})`)
  );
}
