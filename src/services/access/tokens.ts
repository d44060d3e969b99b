import { createHash, randomBytes } from 'node:crypto';
import { type EntityManager, IsNull, QueryFailedError } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import type { Row } from '../../database/statement.js';
import { atOnce, type Step, sqlStep, writeStepOf } from '../../database/together.js';
import { ApiToken, StatusHistory, User } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { assertText, assertWhole } from '../../values/arguments.js';
import { shown } from '../../values/shown.js';
import { lookupStep, readerOf } from '../reading/reader.js';
import { isScope, SCOPE_GRAMMAR } from './scopes.js';

const TOKEN_BYTES = 32;
const PREFIX_LENGTH = 8;

/** What a new token is for. */
export interface NewApiToken {
  /** User that the token stands for. */
  readonly userId: number;
  /** What the token is for, unique among the tokens of the user that were not taken back. */
  readonly name: string;
  /** What the token may be used for, at least one: `action:resource`, with `*` as a wildcard. */
  readonly scopes: readonly string[];
  /** When the token ends, UTC; never when left out. */
  readonly expiresAt?: Date;
}

/** A token that was made just now. */
export interface CreatedApiToken {
  /** The secret for its user: 43 characters, known here and never again. */
  readonly token: string;
  /** The row that stands for it. */
  readonly apiToken: ApiToken;
}

/**
 * SHA-256 of a token in hexadecimal digits, which is all that the database knows of it.
 * @param token the secret
 * @returns 64 digits, in lower case
 * @throws OpsDbError `value_invalid` for what is no text
 *
 * @example
 * import { ApiToken, createApiToken, hashToken, User } from 'ccat-ops-db';
 *
 * const { id: userId } = await session.findOneByOrFail(User, { username: 'demo-service' });
 * const { token } = await createApiToken(session, { userId, name: 'filing', scopes: ['write:*'] });
 * console.log(hashToken(token).length); // 64
 * console.log(await session.existsBy(ApiToken, { tokenHash: hashToken(token) })); // true
 * console.log(await session.existsBy(ApiToken, { tokenHash: token })); // false
 */
export function hashToken(token: string): string {
  assertText('token', token);
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Makes a token for programmatic access.
 * @returns the token, which cannot be shown again, and its row
 * @throws OpsDbError `token_refused` when a scope is none or there is no scope, the end is not in the future, the user
 *   is unknown, or has a token of that name
 *
 * @example
 * import { authenticate, createApiToken, User } from 'ccat-ops-db';
 *
 * const { id: userId } = await session.save(User, { username: 'observer', githubId: 1 });
 * const { token } = await createApiToken(session, { userId, name: 'script', scopes: ['read:*'] });
 * console.log((await authenticate(session, token))?.user.username); // observer
 * console.log(await authenticate(session, 'another')); // null
 */
export async function createApiToken(
  manager: EntityManager,
  { userId, name, scopes, expiresAt }: NewApiToken,
): Promise<CreatedApiToken> {
  if (!Array.isArray(scopes))
    throw refused(`scopes is ${shown(scopes)}; it must be a list of scopes: ${SCOPE_GRAMMAR}`);
  if (!Number.isSafeInteger(userId))
    throw refused(`userId is ${shown(userId)}; it must be the key of a user`);
  if (typeof name !== 'string' || name === '')
    throw refused(`name is ${shown(name)}; it must say what the token is for`);
  const wrong = scopes.findIndex((scope) => !isScope(scope));
  if (wrong >= 0) throw refused(`${shown(scopes[wrong])} is not a scope; a scope is ${SCOPE_GRAMMAR}`);
  if (scopes.length === 0) throw refused(`a token needs at least one scope: ${SCOPE_GRAMMAR}`);
  // Turned round, so that an invalid date is refused too.
  if (expiresAt !== undefined && !(expiresAt instanceof Date && expiresAt > new Date()))
    throw refused(`expiresAt is ${expiresAt}, a token must end in the future`);
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const tokenHash = hashToken(token);
  const row = manager.create(ApiToken, {
    userId,
    name,
    scopes: [...scopes],
    expiresAt,
    tokenHash,
    tokenPrefix: token.slice(0, PREFIX_LENGTH),
  });
  const { dataSource } = manager;
  const metadata = dataSource.getMetadata(ApiToken);
  const insert = manager.createQueryBuilder().insert().into(ApiToken).values(row).updateEntity(false);
  const steps = [writeStepOf(insert), lookupStep(dataSource, metadata, 'tokenHash', [tokenHash])];
  try {
    const [, [found] = []] = await atOnce(manager, steps);
    return { token, apiToken: readerOf(dataSource, metadata).hydrate(found as Row) as ApiToken };
  } catch (error) {
    if (!(error instanceof QueryFailedError)) throw error;
    throw refused((await reason(manager, userId, name)) ?? error.driverError.message, error);
  }
}

/**
 * Takes a token back for good. The row stays, and the status history says when it was and by whom.
 * @param by who takes it back, for the history; it names nobody where left out
 * @param id key of the token
 * @returns false when there is no such token or it was taken back before; nothing was changed then
 *
 * @example
 * import { authenticate, createApiToken, revokeApiToken, User } from 'ccat-ops-db';
 *
 * const { id: userId } = await session.findOneByOrFail(User, { username: 'demo-observer' });
 * const { token, apiToken } = await createApiToken(session, { userId, name: 'laptop', scopes: ['*'] });
 *
 * console.log(await revokeApiToken(session, apiToken.id, 'demo-admin')); // true
 * console.log(await revokeApiToken(session, apiToken.id, 'demo-admin')); // false
 * console.log(await authenticate(session, token)); // null
 */
export async function revokeApiToken(manager: EntityManager, id: number, by?: string): Promise<boolean> {
  assertWhole('id', id, 1);
  const revokedAt = new Date();
  if (dialectOf(manager).hasServer) {
    const [moved = []] = await atOnce(manager, [revocationStep(manager, id, revokedAt, by)]);
    return moved.length === 1;
  }
  return manager.transaction(async (nested) => {
    const { affected } = await nested.update(
      ApiToken,
      { id, revokedAt: IsNull() },
      { active: false, revokedAt },
    );
    if (affected !== 1) return false;
    await nested.insert(StatusHistory, {
      entity: ApiToken.name,
      rowId: String(id),
      field: 'revokedAt',
      fromStatus: 'null',
      toStatus: revokedAt.toISOString(),
      changedAt: revokedAt,
      changedBy: by ?? null,
    });
    return true;
  });
}

/** Takes a token back and notes it on PostgreSQL; it gives a row where it was not taken back before. */
function revocationStep(
  { dataSource }: EntityManager,
  id: number,
  revokedAt: Date,
  by: string | undefined,
): Step {
  return sqlStep(
    dataSource,
    `WITH revoked AS (
      UPDATE api_token SET active = FALSE, revoked_at = :revokedAt, updated_at = ${dialectOf(dataSource).now}
      WHERE id = :id AND revoked_at IS NULL RETURNING id
    )
    INSERT INTO status_history (entity, row_id, field, from_status, to_status, changed_at, changed_by)
    SELECT 'ApiToken', CAST(id AS text), 'revokedAt', 'null', :text, :revokedAt, :by FROM revoked RETURNING row_id`,
    { id, revokedAt, text: revokedAt.toISOString(), by: by ?? null },
  );
}

/** Why the database would not take a token, undefined where it must say so itself. */
async function reason(manager: EntityManager, userId: number, name: string): Promise<string | undefined> {
  if (!(await manager.existsBy(User, { id: userId }))) return `no user ${userId} is known`;
  if (await manager.existsBy(ApiToken, { userId, name, revokedAt: IsNull() }))
    return `user ${userId} has a token named ${name}: choose another name`;
  return undefined;
}

function refused(message: string, cause?: unknown): OpsDbError {
  return new OpsDbError('token_refused', `The token was not made: ${message}`, { cause });
}
