import { Check, Entity, Index, ManyToOne, Unique } from 'typeorm';
import { FixedText, Flag, Instant, Int, Json, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { User } from './user.js';

/**
 * A token for programmatic access. Only its hash is kept; it cannot be shown again.
 *
 * @example
 * import { ApiToken, createApiToken, User } from 'ccat-ops-db';
 *
 * const { id: userId } = await session.findOneByOrFail(User, { username: 'demo-observer' });
 * const expiresAt = new Date('2100-01-01T00:00:00Z');
 * await createApiToken(session, { userId, name: 'notebook', scopes: ['read:*'], expiresAt });
 * const [token] = await session.findBy(ApiToken, { user: { username: 'demo-observer' }, active: true });
 * console.log(token?.name, token?.scopes, token?.tokenHash); // notebook [ 'read:*' ] undefined
 * console.log(token?.isValid(), token?.isValid(expiresAt)); // true false
 */
@Entity({ comment: 'A token for programmatic access; only its hash is kept.' })
@Index('uq_api_token__name_of_user', ['userId', 'name'], { unique: true, where: '"revoked_at" IS NULL' })
@Unique(['tokenHash'])
@Check('ck_api_token__revoked_is_inactive', '"revoked_at" IS NULL OR "active" = false')
export class ApiToken extends Keyed {
  /** User that the token stands for. */
  @ReferenceKey({ comment: 'User that the token stands for' })
  userId!: number;

  @ManyToOne(() => User, { nullable: false, onDelete: 'CASCADE' })
  user?: User;

  /** What the token is for, unique among the tokens of its user that were not revoked. */
  @Text({ comment: 'What the token is for, unique among the tokens of its user that were not revoked' })
  name!: string;

  /** SHA-256 of the token in hexadecimal digits. */
  // Not selected unless a query names it.
  @FixedText({ comment: 'SHA-256 of the token in hexadecimal digits', length: 64, select: false })
  tokenHash!: string;

  /** First 8 characters of the token, for people to recognise it. */
  @FixedText({ comment: 'First 8 characters of the token, for people to recognise it', length: 8 })
  tokenPrefix!: string;

  /** Permissions that the token is limited to, a list in which * stands for any action or resource. */
  @Json({
    comment: 'Permissions that the token is limited to, a list in which * stands for any action or resource',
  })
  scopes!: string[];

  /** Whether the token is accepted. */
  @Flag({ comment: 'Whether the token is accepted', default: true })
  active!: boolean;

  /** When the token was taken back, UTC; null: it was not. */
  @Instant({ comment: 'When the token was taken back, UTC', null: 'it was not' })
  revokedAt!: Date | null;

  /** When the token ends, UTC; null: it does not. */
  @Instant({ comment: 'When the token ends, UTC', null: 'it does not' })
  expiresAt!: Date | null;

  /** When a use was last noted, UTC, at most once a minute; null: never. */
  @Instant({ comment: 'When a use was last noted, UTC, at most once a minute', null: 'never' })
  lastUsedAt!: Date | null;

  /** Network address of the use that was noted last; null: never used, or not recorded. */
  @Text({ comment: 'Network address of the use that was noted last', null: 'never used, or not recorded' })
  lastUsedIp!: string | null;

  /** How often a use was noted, at most once a minute. */
  @Int({ comment: 'How often a use was noted, at most once a minute', min: 0, default: 0 })
  usageCount!: number;

  /**
   * Whether the token may be used: active, not taken back and not at its end.
   * @param now the moment to judge at, by default the present
   */
  isValid(now = new Date()): boolean {
    return this.active && this.revokedAt === null && (this.expiresAt === null || now < this.expiresAt);
  }
}
